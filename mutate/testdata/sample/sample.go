// Package sample is code for mutants.
package sample

import (
	"errors"
	"net/http"
)

// Largest is the largest of the numbers, or 0.
func Largest(numbers []int) (most int) {
	for _, n := range numbers {
		if n > most {
			most = n
		}
	}
	return most
}

// Down counts down to 0. Without its step it does not end.
func Down(n int) (steps int) {
	for n > 0 {
		n--
		steps += 2
	}
	return steps
}

// Both and Either have operands with an effect.
func Both(x, y func() bool) bool { return x() && y() }

func Either(x, y func() bool) bool {
	if x() || y() {
		return true
	}
	return false
}

// Sum has constants, in a table too.
func Sum(n uint8) (uint8, error) {
	if n == 200 {
		return 0, errors.New("too many")
	}
	return n + table[1] - 3, nil
}

var table = [...]uint8{0: 5, 1: 7}

const size = 2 + 3

// Patient uses a type, time.Duration, whose package it does not import.
func Patient(c *http.Client) bool { return c.Timeout > 5 }

// Unreached is not tested.
func Unreached(s []int) [size]int {
	switch {
	case !(len(s) == 0):
		panic("no")
	}
	return [size]int{1: 4}
}
