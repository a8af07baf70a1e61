// Package target reads from a command line what to explore, and how far.
package target

import (
	"context"
	"io"
	"runtime/debug"
	"time"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/explore"
	"tcpclose/explore/product"
	"tcpclose/internal/lang"
)

const (
	MaxLimit   = 1_000_000_000_000 // more than any memory holds
	maxWorkers = 1024              // each needs memory of its own
)

// Limits bounds an exploration.
type Limits struct {
	Timeout   time.Duration
	MaxStates int
	MaxDepth  int
	Workers   int
	MaxMemory int64
	Spill     string
}

// Add adds the flags of how far an exploration may go.
func (l *Limits) Add(set *cli.Set) {
	set.Add(cli.Flag{
		Name: "timeout", Group: cli.Limits, Values: "TIME", Default: "0",
		Means: "stop after this time (90s, 1h30m); 0: never",
		More:  "What is not decided by then is unknown, and the exit status 3.",
		Set: func(text string) error {
			d, err := time.ParseDuration(text)
			if err != nil || d < 0 {
				return cli.Want("0 or more, as in 90s or 1h30m")
			}
			l.Timeout = d
			return nil
		},
	})
	set.Number(cli.Flag{Name: "max-states", Group: cli.Limits, Values: "N", Default: "0", Means: "stop after this many states; 0: no limit"}, 0, MaxLimit, &l.MaxStates)
	set.Number(cli.Flag{Name: "max-depth", Group: cli.Limits, Values: "N", Default: "0", Means: "stop at this depth, in steps; 0: no limit"}, 0, MaxLimit, &l.MaxDepth)
	set.Number(cli.Flag{Name: "workers", Group: cli.Limits, Values: "N", Default: "0", Means: "number of goroutines that explore; 0: one per processor"}, 0, maxWorkers, &l.Workers)
}

// Begin returns what an exploration needs: the time it may take, its options, and what
// shows its progress. At last, end is to be called.
func (l *Limits) Begin(ctx context.Context, errs io.Writer, in lang.Language, doing string, args ...any) (_ context.Context, o product.Options, p *screen.Progress, end func()) {
	cancel := func() {}
	if l.Timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, l.Timeout)
	}
	o = product.Options{Workers: l.Workers, Limits: explore.Limits{States: l.MaxStates, Depth: l.MaxDepth}, MaxMemory: l.MaxMemory, Spill: l.Spill}
	if l.MaxMemory > 0 {
		debug.SetMemoryLimit(l.MaxMemory / 4 * 3) // of the garbage collector, which does not have all
	}
	p = screen.NewProgress(errs, in, doing, args...)
	if p != nil {
		o.Progress = p.Show
	}
	return ctx, o, p, func() {
		p.End()
		cancel()
	}
}
