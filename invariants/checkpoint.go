package invariants

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"tcpclose/explore"
)

// ErrOneSearch is why a check that needs several searches, or a graph, has no
// checkpoint.
var ErrOneSearch = errors.New("a checkpoint is of one search: want properties of states and steps only, and no more than 63 patterns of them")

// checkpoint is c for this product. Another configuration, other properties and
// another build of the program make other states of it.
func (p *product) checkpoint(c explore.Checkpoint, tasks []*task) (explore.Checkpoint, error) {
	build, err := buildSum()
	if err != nil {
		return c, err
	}
	of := sha256.New()
	fmt.Fprintf(of, "%s\n%s\n%d\n", build, p.system.Config, p.needs)
	for _, t := range tasks {
		fmt.Fprintf(of, "%q %v %v\n", t.finding.Property.Name, t.badAt, t.premiseAt)
	}
	c.Of = fmt.Sprintf("%x", of.Sum(nil))
	c.Save, c.Load = p.save, p.load
	return c, nil
}

// buildSum is the checksum of this program.
func buildSum() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return string(sum.Sum(nil)), err
}

// A numbering is what save and load need of one.
type numbering interface {
	Bytes() []byte
	Restore([]byte) bool
}

// numberings is all of p, in the order in which they are kept.
func (p *product) numberings() []numbering {
	return []numbering{&p.ends, &p.nets, &p.budgets, &p.messages}
}

// save is what the numbers in states stand for: of each numbering its length and its
// bytes.
func (p *product) save() (b []byte, err error) {
	for _, n := range p.numberings() {
		values := n.Bytes()
		b = binary.AppendUvarint(b, uint64(len(values)))
		b = append(b, values...)
	}
	return b, nil
}

func (p *product) load(b []byte) error {
	for _, n := range p.numberings() {
		length, at := binary.Uvarint(b)
		if at <= 0 || length > uint64(len(b)-at) || !n.Restore(b[at:at+int(length)]) {
			return errors.New("its numbers are those of another start")
		}
		b = b[at+int(length):]
	}
	return nil
}
