package check

import "tcpclose/model"

// Readings is small configurations in which, between them, each decision matters.
var Readings = readings(
	loses+none,
	copies+none,
	mixes+none+"a-close-is=full",
	mixes+"a-octets=0 a-close-is=full fin-wait-2=3",
	mixes+"a-octets=0 a-fails=crash a-close-is=half-then-full",
	mixes+"a-octets=0 a-fails=abort rst-ack=none",
	loses+"a-octets=0 a-reads=slowly a-buffer=1 b-fails=abort",
	loses+"a-octets=0 a-reads=slowly a-close-is=full",
	loses+none+"b-fails=crash keepalive=3 user-timeout=4",
	loses+none+"a-close-is=half-then-full fin-wait-2=3",
	"msl=2 delay=1 rto=2 r2=2 loss=off duplicate=off reorder=off capacity=8 a-octets=2 b-octets=0 b-buffer=1 b-reads=slowly a-close-is=full a-fails=abort",
	plain+none+"b-buffer=0 a-fails=abort",
	"msl=2 delay=1 rto=2 r2=2 loss=off duplicate=1 reorder=off capacity=8 a-octets=0 b-octets=0 reopen=1 a-isn=same b-isn=same",
	"msl=2 delay=1 rto=2 r2=2 loss=off duplicate=off reorder=off capacity=8 a-octets=0 b-octets=0 reopen=1 timestamps=on a-fails=crash",
)

func readings(list ...string) (configs []model.Config) {
	for _, words := range list {
		configs = append(configs, changed(words))
	}
	return configs
}
