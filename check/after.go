package check

import (
	"errors"
	"fmt"

	"tcpclose/internal/lang"
	"tcpclose/invariants"
	"tcpclose/model"
)

// refuseAfter returns why a check cannot begin after a run; nil if it can, or does not.
func (o *Options) refuseAfter(c model.Config, properties []*invariants.Property) error {
	if o.After == nil {
		return nil
	}
	switch {
	case o.After.Config != c:
		return errors.New("after a run: want one of the configuration that is checked")
	case o.After.Counted:
		return lang.Errorf("after a run: want one of a network that does not count")
	case o.Symmetry, o.Unlimited, o.Checkpoint != nil, len(o.Otherwise) > 0:
		return errors.New("after a run: want no symmetry, no unlimited capacity, no checkpoint and no other configuration")
	}
	for _, p := range properties {
		if p.Liveness != nil {
			return fmt.Errorf("after a run: %s is about whole runs: want properties of states and steps", p.Name)
		}
	}
	return nil
}
