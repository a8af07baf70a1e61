package observe

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"tcpclose/internal/tier"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/own"
)

// As a program of its own this test is the model behind the line protocol.
func TestMain(m *testing.M) {
	if os.Getenv("OBSERVE_TEST_STACK") == "" {
		os.Exit(m.Run())
	}
	a, err := own.New(testConfig(), own.Tick)
	if err == nil {
		err = adapter.Serve(a, os.Stdin, os.Stdout)
	}
	if err != nil {
		panic(err)
	}
}

// The model behind the line protocol does nothing that the observer does not expect
// of it.
func TestObserve_Protocol(t *testing.T) {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "OBSERVE_TEST_STACK=own")
	p, err := adapter.Start(command)
	require.NoError(t, err)
	a, err := own.New(testConfig(), own.Tick)
	require.NoError(t, err)
	rules := Open(testConfig(), own.Tick)
	rules.States = true
	o, err := New(rules)
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(9, 10))
	events := 0
	for range tier.Choose(300, 10000) {
		d := &drawer{pick: random.IntN, octets: 1}
		run := d.run(t, a)
		results, err := p.Run(d.setup, d.session.Events)
		require.NoError(t, err)
		again := FromBench(d.session.Events, results)
		require.Len(t, again.Events, len(run.Events))
		report := o.Observe(again)
		require.NoError(t, report.Err)
		require.Emptyf(t, report.Deviations, "%s", run.Name)
		events += len(again.Events)
	}
	require.NoError(t, p.Close())
	t.Log(events, "events")
}
