package invariants

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tcpclose/explore"
	"tcpclose/model"
)

// ErrOneSearch is why a check that needs several searches, or a graph, has no
// checkpoint.
var ErrOneSearch = errors.New("a checkpoint is of one search: want properties of states and steps only, and no more than 63 patterns of them")

// kept is what the numbers in a product's states stand for.
type kept struct {
	Ends     []End
	Nets     []model.Channel
	Budgets  []purse
	Messages []keptMessage
}

// A keptMessage is a message as gob sees it.
type keptMessage struct {
	Ask, Tick uint16
	Sent      model.Segment
	Toll      model.Toll
}

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

func (p *product) save() ([]byte, error) {
	k := kept{Ends: p.ends.Values(), Nets: p.nets.Values(), Budgets: p.budgets.Values()}
	for _, m := range p.messages.Values() {
		k.Messages = append(k.Messages, keptMessage{m.ask, m.tick, m.sent, m.toll})
	}
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(k)
	return b.Bytes(), err
}

func (p *product) load(b []byte) error {
	var k kept
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&k); err != nil {
		return errors.New(strings.TrimPrefix(err.Error(), "gob: "))
	}
	var messages []message
	for _, m := range k.Messages {
		messages = append(messages, message{m.Ask, m.Tick, m.Sent, m.Toll})
	}
	if !p.ends.Restore(k.Ends) || !p.nets.Restore(k.Nets) || !p.budgets.Restore(k.Budgets) || !p.messages.Restore(messages) {
		return errors.New("its numbers are those of another start")
	}
	return nil
}
