package capture

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"tcpclose/internal/lang"
)

// A Frame is a captured packet.
type Frame struct {
	Number int // from 1, as other tools number them
	Time   time.Time
	Link   layers.LinkType
	Length int    // octets on the wire
	Data   []byte // those that were captured; valid until the next frame is read
}

// A Reader reads the frames of a capture.
type Reader struct {
	next  func() ([]byte, gopacket.CaptureInfo, layers.LinkType, error)
	count int
}

// A BrokenError says how far a capture could be read.
type BrokenError struct {
	Frames int // that were read before
	Err    error
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("capture: broken after frame %d: %v", e.Frames, e.Err)
}

// Unwrap returns what is wrong.
func (e *BrokenError) Unwrap() error { return e.Err }

// The first octets of the kinds of files.
const (
	magicNg      = 0x0a0d0d0a
	magicGzip    = 0x1f8b
	maxSnapshot  = 1 << 18 // a larger frame is an error of the file
	defaultBlock = 1 << 16
	pcapHeader   = 24
	packetHeader = 16
)

// NewReader returns a reader of r, which is pcap or pcapng, or either packed by gzip.
func NewReader(r io.Reader) (*Reader, error) {
	b := bufio.NewReaderSize(r, defaultBlock)
	head, err := b.Peek(4)
	if err != nil {
		return nil, unknown(head, err)
	}
	if binary.BigEndian.Uint16(head) == magicGzip {
		unpacked, err := gzip.NewReader(b)
		if err != nil {
			return nil, lang.Errorf("capture: gzip: %w", err)
		}
		b = bufio.NewReaderSize(unpacked, defaultBlock)
		if head, err = b.Peek(4); err != nil {
			return nil, unknown(head, err)
		}
	}
	if binary.BigEndian.Uint32(head) == magicNg {
		return newNgReader(b)
	}
	counted := &counter{r: b}
	file, err := pcapgo.NewReader(counted)
	if err != nil {
		return nil, unknown(head, err)
	}
	read := int64(pcapHeader)
	if file.Snaplen() == 0 || file.Snaplen() > maxSnapshot {
		file.SetSnaplen(maxSnapshot)
	}
	return &Reader{next: func() ([]byte, gopacket.CaptureInfo, layers.LinkType, error) {
		data, info, err := file.ZeroCopyReadPacketData()
		switch {
		case err == nil:
			read += int64(packetHeader + len(data))
		case errors.Is(err, io.EOF) && counted.n > read:
			err = io.ErrUnexpectedEOF // it ends behind a packet's header
		}
		return data, info, file.LinkType(), err
	}}, nil
}

// A counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func newNgReader(b *bufio.Reader) (*Reader, error) {
	file, err := pcapgo.NewNgReader(&blocks{r: b}, pcapgo.NgReaderOptions{WantMixedLinkType: true, SkipUnknownVersion: true})
	if err != nil {
		return nil, lang.Errorf("capture: pcapng: %w", err)
	}
	return &Reader{next: func() ([]byte, gopacket.CaptureInfo, layers.LinkType, error) {
		data, info, err := file.ZeroCopyReadPacketData()
		if err != nil {
			return nil, info, 0, err
		}
		face, err := file.Interface(info.InterfaceIndex)
		return data, info, face.LinkType, err
	}}, nil
}

// unknown is the error for a file of another kind.
func unknown(head []byte, err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return lang.Errorf("capture: the file begins with %x: want pcap or pcapng, packed by gzip or not: %w", head, err)
}

// Next returns the next frame, or [io.EOF] after the last. A file that ends within a
// frame, or cannot be read on, is a [*BrokenError].
func (r *Reader) Next() (f Frame, err error) {
	defer func() {
		if p := recover(); p != nil { // of the library that reads the file
			f, err = Frame{}, &BrokenError{r.count, lang.Errorf("panic: %v", p)}
		}
	}()
	data, info, link, err := r.next()
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Frame{}, io.EOF
	}
	if err != nil {
		return Frame{}, &BrokenError{r.count, err}
	}
	r.count++
	return Frame{Number: r.count, Time: info.Timestamp, Link: link, Length: info.Length, Data: data}, nil
}
