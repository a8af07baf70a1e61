package check

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tcpclose/explore"
	"tcpclose/explore/partition"
	"tcpclose/explore/product"
	"tcpclose/internal/join"
	"tcpclose/internal/tier"
	"tcpclose/invariants"
	"tcpclose/model"
)

// shared is an engine that searches by tasks. Those who carry them out make the product from
// the plan, so that nothing has the numbers there that it has for the driver.
func shared(t *testing.T, properties []*invariants.Property, o partition.Options) Engine {
	return func(ctx context.Context, s *Search, with product.Options) (*product.Explored, error) {
		dictionary := func(p *join.Product) (*product.Share, *partition.Dictionary) {
			share, err := product.NewShare(&p.Product)
			require.NoError(t, err)
			return share, partition.NewDictionary(share, p, o.Partitions)
		}
		p, err := s.Plan.Product(properties)
		if err != nil {
			return nil, err
		}
		_, d := dictionary(p)
		share, own := dictionary(s.Product)
		o.Limits, o.Enough = with.Limits, with.Enough
		e, _, err := partition.Run(ctx, share, own, partition.NewLocal(d, 2, o.Bytes), nil, o)
		if missing, _ := p.Missing(); missing != 0 {
			s.Miss(missing)
		}
		return e, err
	}
}

// assertShared compares a search by tasks with one that is not.
func assertShared(t *testing.T, c model.Config, properties []*invariants.Property, o Options) {
	t.Helper()
	want, err := Check(context.Background(), c, properties, o)
	require.NoError(t, err)
	o.Engine = shared(t, properties, partition.Options{Partitions: 5, Bytes: 5000})
	got, err := Check(context.Background(), c, properties, o)
	require.NoError(t, err)
	got.Time = want.Time
	require.Len(t, got.Findings, len(want.Findings))
	for i := range want.Findings {
		assert.Equal(t, want.Findings[i].Trace, got.Findings[i].Trace, properties[i].Name)
		got.Findings[i].Property = want.Findings[i].Property // functions cannot be compared
	}
	assert.Equal(t, want.Result, got.Result)
	assert.Equal(t, want.Remembers, got.Remembers)
	for i, f := range want.Findings {
		g := got.Findings[i]
		assert.Equal(t, []any{f.Verdict, f.Reason, f.Steps}, []any{g.Verdict, g.Reason, g.Steps}, properties[i].Name)
	}
}

// TestEngine_Presets has counts, verdicts and traces of all presets, with monitors and
// witnesses. Large ones are left to the large tier.
func TestEngine_Presets(t *testing.T) {
	tier.SkipToCI(t)
	for _, p := range UsualPresets() {
		t.Run(p.Name, func(t *testing.T) {
			if p.States == 0 || p.States > 50_000 {
				tier.Skip(t)
			}
			assertShared(t, p.Config, slices.Concat(invariants.PropertiesOf(p.Config.Between.Box != nil), invariants.Witnesses), Options{})
		})
	}
}

// TestEngine_Configs has a box, limits of the network, strides of time, a fault, and searches
// that end early.
func TestEngine_Configs(t *testing.T) {
	for _, words := range []string{
		"a-octets=0 b-octets=0 loss=1 duplicate=0",
		"a-octets=0 b-octets=0 msl=2 clock=leaps",
		"a-octets=0 b-octets=0 msl=1 loss=off duplicate=off box=conntrack",
		"a-octets=1 b-octets=0 msl=2 delay=1 loss=off duplicate=off reorder=1 capacity=4 fault=fin-before-hole",
	} {
		t.Run(words, func(t *testing.T) {
			c, err := model.ParseConfig(words)
			require.NoError(t, err)
			assertShared(t, c, ofOneSearch(c.Between.Box != nil), Options{})
		})
	}
	base, err := FindPreset("no-data")
	require.NoError(t, err)
	properties := invariants.PropertiesOf(false)
	for _, o := range []Options{
		{Options: product.Options{Limits: explore.Limits{States: 3000}}},
		{Options: product.Options{Limits: explore.Limits{Depth: 7}}},
		{UntilFound: true, NoTraces: true},
	} {
		list := properties
		if o.UntilFound {
			list = list[:3]
		}
		assertShared(t, base.Config, list, o)
	}
}

// TestEngine_Refuses names what an engine cannot do, and plans that are of something else.
func TestEngine_Refuses(t *testing.T) {
	p, err := FindPreset("no-data")
	require.NoError(t, err)
	properties := invariants.PropertiesOf(false)
	engine := shared(t, properties, partition.Options{Partitions: 1, Bytes: 1 << 20})
	_, err = Check(context.Background(), p.Config, invariants.LivenessProperties[:1], Options{Engine: engine})
	require.ErrorIs(t, err, ErrEngine)
	for _, o := range []Options{{Symmetry: true}, {Unlimited: true}, {Options: product.Options{MaxMemory: 1 << 30}}, {Options: product.Options{Spill: t.TempDir()}}} {
		o.Engine = engine
		_, err = Check(context.Background(), p.Config, properties, o)
		require.ErrorIs(t, err, ErrEngine)
	}
	var plan Plan
	_, err = Check(context.Background(), p.Config, properties, Options{Engine: func(_ context.Context, s *Search, _ product.Options) (*product.Explored, error) {
		plan = s.Plan
		return nil, ErrEngine
	}})
	require.ErrorIs(t, err, ErrEngine)
	_, err = plan.Product(properties)
	require.NoError(t, err)
	_, err = plan.Product(properties[1:])
	require.ErrorContains(t, err, "want the same program")
	plan.Config += " msl=4"
	_, err = plan.Product(properties)
	assert.Error(t, err)
}
