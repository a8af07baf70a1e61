package trace

import "tcpclose/model"

// What tests of this package need of packages that stand upon it: their tests
// outside give it.
var (
	Configs []model.Config                                // those of the presets
	Found   func(config, property string) (*Trace, error) // the run that shows a property or a witness
)

// What tests outside need of this package's.
var (
	Misplaced = misplaced
	Crossings = crossings
)
