package screen

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/explore"
	"tcpclose/internal/lang"
)

// ProgressAfter is the time after which a run says what it is doing, and
// progressEvery the time between two looks at how far it has come.
const (
	ProgressAfter = 300 * time.Millisecond
	progressEvery = 200 * time.Millisecond
)

// A Progress is a line on a terminal that says what a run is doing, and how far it has
// come. Nil is one that nobody sees.
type Progress struct {
	out   *os.File
	start time.Time
	stop  chan struct{}
	done  sync.WaitGroup

	l     lang.Language
	mutex sync.Mutex
	doing string
	since time.Time // when it began with that
	last  explore.Progress
	shown bool // last is of what it is doing now
}

// NewProgress returns a Progress on w that says, in a language, what the run is doing,
// or nil if nobody would see it there. Call End at the end.
func NewProgress(w io.Writer, l lang.Language, doing string, args ...any) *Progress {
	if !IsTerminal(w) {
		return nil
	}
	if to, ok := w.(*Writer); ok {
		w = to.to
	}
	now := time.Now()
	p := &Progress{out: w.(*os.File), start: now, stop: make(chan struct{}), l: l, doing: l.Say(doing, args...), since: now}
	p.done.Go(p.draw)
	return p
}

// Doing says what the run does from now on.
func (p *Progress) Doing(what string, args ...any) {
	if p == nil {
		return
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.doing, p.since, p.shown = p.l.Say(what, args...), time.Now(), false
}

// Show says how far the run has come.
func (p *Progress) Show(e explore.Progress) {
	if p == nil {
		return
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.last, p.shown = e, true
}

// A spinner is a line of a terminal that shows that something goes on.
type spinner interface {
	Describe(text string)
	Add(n int) error
	Finish() error
}

// draw draws the line again and again.
func (p *Progress) draw() {
	var line spinner
	defer func() {
		if line != nil {
			line.Finish()
		}
	}()
	after := ProgressAfter
	for {
		select {
		case <-p.stop:
			return
		case <-time.After(after):
			after = progressEvery
		}
		if line == nil {
			line = newSpinner(p.out)
		}
		line.Describe(p.text())
		line.Add(1)
	}
}

// text returns the line: first what the run is doing, and as much as fits of how far it
// has come.
func (p *Progress) text() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if !p.shown {
		return Elide(p.l.Say("%s, %v", p.doing, time.Since(p.start).Round(time.Second)), lineWidth)
	}
	return Elide(p.doing+p.l.Comma()+describeProgress(p.l, p.last, time.Since(p.since)), lineWidth)
}

// lineWidth is the width of the line without the spinner before it.
const lineWidth = Columns - 2

// describeProgress returns how far a run has come, for a line of a terminal. How much is
// left is unknown.
func describeProgress(l lang.Language, e explore.Progress, since time.Duration) string {
	expanded := 100
	if e.Frontier > 0 {
		expanded = 100 * e.Expanded / e.Frontier
	}
	rate, unit := humanize.ComputeSI(float64(e.Distinct) / since.Seconds())
	return l.Say("%v: %s states, %.0f%s/s; level %d, %d%% of %s; %s, table %.0f%%", since.Round(time.Second), humanize.Comma(int64(e.Distinct)),
		rate, unit, e.Depth, expanded, humanize.Comma(int64(e.Frontier)), humanize.Bytes(uint64(e.Memory)), 100*e.Load)
}

// End removes the line, if there is one.
func (p *Progress) End() {
	if p == nil {
		return
	}
	select {
	case <-p.stop:
	default:
		close(p.stop)
	}
	p.done.Wait()
}
