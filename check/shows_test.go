package check

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/invariants"
	"tcpclose/model"
)

// judge gives the verdicts on the named properties in a configuration, without
// traces.
func judge(t *testing.T, c model.Config, names ...string) (verdicts []Verdict) {
	t.Helper()
	r, err := Check(context.Background(), c, find(t, names...), Options{NoTraces: true})
	require.NoError(t, err)
	require.True(t, r.Result.Complete())
	for _, f := range r.Findings {
		require.Nil(t, f.Trace)
		verdicts = append(verdicts, f.Verdict)
	}
	return verdicts
}

// find returns the properties with those names.
func find(t require.TestingT, names ...string) (list []*invariants.Property) {
	for _, name := range names {
		p, err := invariants.Find(name)
		require.NoError(t, err)
		list = append(list, p)
	}
	return list
}

func property(t require.TestingT, name string) *invariants.Property {
	p, err := invariants.Find(name)
	require.NoError(t, err)
	return p
}
