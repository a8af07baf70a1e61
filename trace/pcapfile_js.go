package trace

import (
	"io"

	"tcpclose/internal/lang"
	"tcpclose/model"
)

// Capture is not there in the browser, where what writes captures would be a third of
// the engine.
func (s *Story) Capture(io.Writer, model.Side) error {
	return lang.Errorf("pcap: the engine in the browser writes none: want json, and 'tcpclose replay FILE -format pcap'")
}
