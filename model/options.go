package model

import (
	"iter"
	"math/bits"
	"strings"
)

// Options is, for each decision, which of its alternatives an end may follow: bit n
// is the one with number n. One that is not yet known has several.
type Options [NumDecisions]uint8

// AllOptions returns the options of an end of which nothing is known.
func AllOptions() (o Options) {
	for d := range NumDecisions {
		o[d] = 1<<len(decisionInfo[d].Alternatives) - 1
	}
	return o
}

// OptionsOf returns the options of an end of which all choices are known.
func OptionsOf(c Choices) (o Options) {
	for d, choice := range c {
		o[d] = 1 << choice
	}
	return o
}

// Choice returns what is chosen for d; ok is false unless that is one alternative.
func (o Options) Choice(d Decision) (c Choice, ok bool) {
	return Choice(bits.TrailingZeros8(o[d])), bits.OnesCount8(o[d]) == 1
}

// Has reports whether the alternative c of d is among o.
func (o Options) Has(d Decision, c Choice) bool { return o[d]>>c&1 != 0 }

// Names returns the names of the alternatives of d that are among o, in order.
func (o Options) Names(d Decision) (names []string) {
	for c, a := range decisionInfo[d].Alternatives {
		if o.Has(d, Choice(c)) {
			names = append(names, a.Name)
		}
	}
	return names
}

// Union returns the options that o or p has.
func (o Options) Union(p Options) Options {
	for d := range o {
		o[d] |= p[d]
	}
	return o
}

// Intersect returns the options that both have. ok is false if a decision has none.
func (o Options) Intersect(p Options) (both Options, ok bool) {
	ok = true
	for d := range o {
		o[d] &= p[d]
		ok = ok && o[d] != 0
	}
	return o, ok
}

// String returns the decisions that have not all alternatives, as name=value or
// name=value|value.
func (o Options) String() string {
	var words []string
	all := AllOptions()
	for d := range NumDecisions {
		if o[d] != all[d] {
			words = append(words, d.String()+"="+strings.Join(o.Names(d), "|"))
		}
	}
	return strings.Join(words, " ")
}

// A branching is one way through the decisions that a step asks.
type branching struct {
	from, now Options
	asked     [NumDecisions]Decision // those with several alternatives, as they were asked
	n         int
}

// choose returns the choice of this way. A decision that has several alternatives
// gets the first when it is asked for the first time.
func (b *branching) choose(d Decision) Choice {
	if b.now[d]&(b.now[d]-1) != 0 {
		b.asked[b.n] = d
		b.n++
		b.now[d] &= -b.now[d]
	}
	return Choice(bits.TrailingZeros8(b.now[d]))
}

// next goes to the next way, and reports whether there is one: the decision that
// was asked last gets its next alternative.
func (b *branching) next() bool {
	for ; b.n > 0; b.n-- {
		d := b.asked[b.n-1]
		later := b.from[d] &^ (b.now[d]<<1 - 1)
		if later != 0 {
			b.now[d] = later & -later
			return true
		}
		b.now[d] = b.from[d]
	}
	return false
}

// Branches yields s once for each way in which the decisions can be taken that a
// step of it asks, and the options that are left. Take the step before
// the options are read; a decision that it does not ask keeps all of its own.
// The Stack is of no use afterwards.
func (s Stack) Branches(from Options) iter.Seq2[Stack, *Options] {
	return func(yield func(Stack, *Options) bool) {
		b := &branching{from: from, now: from}
		s.asks = b
		for yield(s, &b.now) && b.next() {
		}
	}
}
