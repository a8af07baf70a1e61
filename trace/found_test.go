package trace_test

import (
	"context"
	"fmt"

	"tcpclose/check"
	"tcpclose/invariants"
	"tcpclose/model"
	"tcpclose/trace"
)

func init() {
	for i := range check.Presets {
		trace.Configs = append(trace.Configs, check.Presets[i].Config)
	}
	trace.Found = func(config, property string) (*trace.Trace, error) {
		c, err := model.ParseConfig(config)
		if err != nil {
			return nil, err
		}
		p, err := invariants.Find(property)
		if err != nil {
			return nil, err
		}
		r, err := check.Check(context.Background(), c, []*invariants.Property{p}, check.Options{})
		if err == nil && r.Findings[0].Trace == nil {
			err = fmt.Errorf("%s is %s", property, r.Findings[0].Verdict)
		}
		if err != nil {
			return nil, err
		}
		return r.Findings[0].Trace, nil
	}
}
