// Package interop compares two ends that differ with two that are alike: in named
// situations, on a network that loses or reorders a segment once, what can go wrong for
// the pair, and which end first departs from the RFC.
package interop
