package wire

import (
	"encoding/binary"
	"io"
	"time"
)

// A Capture writes packets as a pcap file.
type Capture struct {
	w   io.Writer
	err error
}

const (
	pcapMagic = 0xa1b2c3d4 // times in microseconds
	linkRaw   = 101        // packets begin with the IP header
)

// NewCapture begins a pcap file.
func NewCapture(w io.Writer) *Capture {
	c := &Capture{w: w}
	c.put(uint32(pcapMagic), uint16(2), uint16(4), uint32(0), uint32(0), uint32(65535), uint32(linkRaw))
	return c
}

// Packet adds a packet that passed by at that time since the start.
func (c *Capture) Packet(at time.Duration, p []byte) {
	c.put(uint32(at/time.Second), uint32(at%time.Second/time.Microsecond), uint32(len(p)), uint32(len(p)), p)
}

// Err returns the first error of writing.
func (c *Capture) Err() error { return c.err }

func (c *Capture) put(values ...any) {
	for _, v := range values {
		if c.err == nil {
			c.err = binary.Write(c.w, binary.LittleEndian, v)
		}
	}
}
