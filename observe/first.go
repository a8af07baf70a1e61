package observe

import "fmt"

// First follows a run up to the first deviation, which it does not explain; ok is
// false if there is none. The error says why the run could not be followed.
func (o *Observer) First(run Run) (d Deviation, ok bool, err error) {
	o.begin()
	for i := 0; i < len(run.Events); {
		events := run.Events[i:]
		events = events[:unit(events)]
		before := o.fork()
		good, err := o.follow(events)
		if err != nil {
			return d, false, fmt.Errorf("event %d: %w", i+good, err)
		}
		if good < len(events) {
			return before.deviation(run, i, events, good), true, nil
		}
		i += len(events)
	}
	return d, false, nil
}
