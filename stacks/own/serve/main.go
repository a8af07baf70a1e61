// Serve puts an endpoint of the model behind the line protocol of package adapter.
//
//	go run ./stacks/own/serve [tick=100ms] [FIELD=VALUE...]
//
// The fields are those of a configuration, without the dash of the command's
// flags: rst-check=exact-or-fin, fault=last-ack-skipped.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"tcpclose/model"
	"tcpclose/stacks/adapter"
	"tcpclose/stacks/own"
)

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(args []string) error {
	c, tick := own.Default(), own.Tick
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		if name == "tick" {
			var err error
			if tick, err = time.ParseDuration(value); err != nil {
				return err
			}
			continue
		}
		if err := set(&c, name, value); err != nil {
			return err
		}
	}
	s, err := own.New(c, tick)
	if err != nil {
		return err
	}
	return adapter.Serve(s, os.Stdin, os.Stdout)
}

func set(c *model.Config, name, value string) error {
	for _, f := range model.Fields {
		if f.Name == name {
			return f.Set(c, value)
		}
	}
	return fmt.Errorf("%q: want tick or a field of the configuration", name)
}
