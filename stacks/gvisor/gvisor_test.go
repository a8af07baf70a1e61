package gvisor

import (
	"testing"

	"tcpclose/stacks/adapter/adaptertest"
)

func TestSmoke(t *testing.T) { adaptertest.Smoke(t, adaptertest.Of(New()), nil) }

func BenchmarkSchedules(b *testing.B) { adaptertest.Rate(b, adaptertest.Of(New())) }
