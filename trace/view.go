package trace

import (
	"io"

	"tcpclose/model"
)

// A View is a form of a story that stands for itself.
type View struct {
	Name    string
	Meaning string
	Binary  bool
	Write   func(io.Writer, *Story, ViewOptions) error
}

// ViewOptions contains the options of views.
type ViewOptions struct {
	LadderOptions
	Capture model.Side // whose end a view of one end is about
}

// Views is all of them; the first is what is shown when nothing is asked for.
var Views = []View{
	{"ladder", "a time-space diagram in the manner of RFC 9293's figures", false, func(w io.Writer, s *Story, o ViewOptions) error { return s.Ladder(w, o.LadderOptions) }},
	{"text", "a table of events", false, func(w io.Writer, s *Story, _ ViewOptions) error {
		_, err := io.WriteString(w, s.text(s.About.Tick, s.About.Language))
		return err
	}},
	{"json", "for programs, and for tcpclose replay", false, func(w io.Writer, s *Story, _ ViewOptions) error { return s.JSON(w) }},
	{"svg", "the same as a picture", false, func(w io.Writer, s *Story, _ ViewOptions) error { return s.SVG(w) }},
	{"mermaid", "a sequence diagram of Mermaid's", false, func(w io.Writer, s *Story, _ ViewOptions) error { return s.Mermaid(w) }},
	{"pcap", "what a packet capture at one end would hold, for Wireshark", true, func(w io.Writer, s *Story, o ViewOptions) error { return s.Capture(w, o.Capture) }},
	{"packetdrill", "what one end does, as a test for packetdrill", false, func(w io.Writer, s *Story, o ViewOptions) error { return s.Packetdrill(w, o.Capture) }},
}

// OfEnd reports whether the view is that of one end.
func (v View) OfEnd() bool { return v.Name == "pcap" || v.Name == "packetdrill" }
