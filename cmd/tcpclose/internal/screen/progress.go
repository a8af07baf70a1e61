package screen

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"tcpclose/explore"
)

// ProgressAfter is how long a run takes before it tells of its progress.
const ProgressAfter = time.Second

// A Progress is a line on a terminal that says how far a run has come.
type Progress struct {
	out   *os.File
	start time.Time
	bar   *progressbar.ProgressBar // nil until ProgressAfter has passed
}

// NewProgress is a Progress on w, or nil if nobody would see it there.
func NewProgress(w io.Writer) *Progress {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return &Progress{out: f, start: time.Now()}
}

// Show says how far a run has come.
func (p *Progress) Show(e explore.Progress) {
	if time.Since(p.start) < ProgressAfter {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(p.out), progressbar.OptionSpinnerType(14),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetElapsedTime(false))
	}
	p.bar.Describe(describeProgress(e, time.Since(p.start)))
	p.bar.Add(1)
}

// describeProgress says how far a run has come, on a line of a terminal. How far it has
// to go nobody knows.
func describeProgress(e explore.Progress, since time.Duration) string {
	expanded := 100
	if e.Frontier > 0 {
		expanded = 100 * e.Expanded / e.Frontier
	}
	rate, unit := humanize.ComputeSI(float64(e.Distinct) / since.Seconds())
	return fmt.Sprintf("%v: %s states, %.0f%s/s; level %d, %d%% of %s; %s, table %.0f%%", since.Round(time.Second), humanize.Comma(int64(e.Distinct)),
		rate, unit, e.Depth, expanded, humanize.Comma(int64(e.Frontier)), humanize.Bytes(uint64(e.Memory)), 100*e.Load)
}

// End removes the line, if there is one.
func (p *Progress) End() {
	if p != nil && p.bar != nil {
		p.bar.Finish()
		p.bar = nil
	}
}
