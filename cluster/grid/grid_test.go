package grid_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/check"
	"tcpclose/cluster/grid"
	"tcpclose/explore/product"
	"tcpclose/invariants"
	"tcpclose/model"
)

func options(t *testing.T) grid.Options {
	return grid.Options{Settings: grid.DefaultSettings, Partitions: 4, Bytes: 1 << 16, Streams: 2, Log: t.Logf}
}

// alone checks properties on one machine.
func alone(t *testing.T, c model.Config, properties []*invariants.Property) *check.Report {
	t.Helper()
	r, err := check.Check(context.Background(), c, properties, check.Options{Options: product.Options{Workers: 1}})
	require.NoError(t, err)
	return r
}

// assertSame compares reports: counts, verdicts and traces.
func assertSame(t *testing.T, want, got *check.Report) {
	t.Helper()
	assert.Equal(t, want.Result, got.Result)
	assert.Equal(t, want.Remembers, got.Remembers)
	require.Len(t, got.Findings, len(want.Findings))
	for i, f := range want.Findings {
		g := got.Findings[i]
		assert.Equal(t, f.Verdict, g.Verdict, f.Property.Name)
		assert.Equal(t, f.Steps, g.Steps, f.Property.Name)
		assert.Equal(t, f.Trace, g.Trace, f.Property.Name)
	}
}

// TestEmbedded has the verdicts, counts and traces of one machine.
func TestEmbedded(t *testing.T) {
	for _, name := range []string{"no-data", "shut-window"} {
		t.Run(name, func(t *testing.T) {
			p, err := check.FindPreset(name)
			require.NoError(t, err)
			properties := invariants.PropertiesOf(false)
			h, err := grid.NewHouse(context.Background(), t.TempDir(), 2, 1, options(t))
			require.NoError(t, err)
			defer func() { assert.NoError(t, h.Close()) }()
			got, err := check.Check(context.Background(), p.Config, properties, check.Options{Engine: h.Engine})
			require.NoError(t, err)
			assertSame(t, alone(t, p.Config, properties), got)
			t.Logf("%+v: %+v in %v", got.Result, h.Moved, got.Time)
			require.NoError(t, h.End(context.Background()))
		})
	}
}
