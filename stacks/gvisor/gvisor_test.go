package gvisor

import (
	"testing"

	"tcpclose/stacks/adapter/adaptertest"
)

func TestSmoke(t *testing.T) { adaptertest.Smoke(t, adaptertest.Of(New()), nil) }

func TestExact(t *testing.T) { adaptertest.Exact(t, adaptertest.Of(New()), 1000) }

func BenchmarkSchedules(b *testing.B) { adaptertest.Rate(b, adaptertest.Of(New())) }
