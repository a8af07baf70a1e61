// Package values has the values of a configuration's fields that have names.
package values

import (
	"strings"

	"tcpclose/box"
	"tcpclose/model"
)

// Named returns the values of a field that have names, those of a box or a fault among
// them.
func Named(f model.Field) (names []string) {
	for name := range strings.SplitSeq(f.Values, ", ") {
		probe := model.Default()
		if f.Set(&probe, name) == nil {
			names = append(names, name)
		}
	}
	switch f.Name {
	case "box":
		names = append(names, box.Names()...)
	case "fault":
		for _, fault := range model.Faults() {
			names = append(names, fault.String())
		}
	}
	return names
}
