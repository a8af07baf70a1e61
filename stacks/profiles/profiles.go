// Package profiles has the profiles that were learned from the stacks of the bench.
package profiles

import (
	"embed"
	"fmt"
	"strings"

	"tcpclose/profile"
)

//go:embed *.profile
var files embed.FS

// All returns the profiles, by name.
func All() (list []*profile.End) {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // they are in the program
	}
	for _, e := range entries {
		text, err := files.Open(e.Name())
		if err != nil {
			panic(err)
		}
		end, err := profile.Read(strings.TrimSuffix(e.Name(), ".profile"), text)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", e.Name(), err))
		}
		list = append(list, end)
	}
	return list
}
