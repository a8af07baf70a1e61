package search

import (
	"sync"
	"sync/atomic"
)

// A Level is the states at one distance, in blocks: what a worker takes at a time.
type Level[K comparable] interface {
	States() int
	Blocks() int
	// Keys is the states of block i; it may put them into dst.
	Keys(dst []K, i int) []K
}

// A KeyLevel is a level as a list.
type KeyLevel[K comparable] []K

// ChunkStates is the number of states of a list in a block: their steps are claimed
// together, enough of them for their memory accesses to overlap, few enough to stay
// in the first cache.
const ChunkStates = 32

// States returns the number of states.
func (l KeyLevel[K]) States() int { return len(l) }

// Blocks returns the number of blocks.
func (l KeyLevel[K]) Blocks() int { return (len(l) + ChunkStates - 1) / ChunkStates }

// Keys returns the states of block i.
func (l KeyLevel[K]) Keys(_ []K, i int) []K {
	return l[i*ChunkStates : min((i+1)*ChunkStates, len(l))]
}

// Keys returns the states of a level.
func Keys[K comparable](l Level[K]) (list []K) {
	list = make([]K, 0, l.States())
	for i := range l.Blocks() {
		list = append(list, l.Keys(nil, i)...)
	}
	return list
}

// EachBlock calls f with the blocks of a level, on a number of workers at once, until it
// reports false. Half of the workers begin at the end, so that they are seldom in each
// other's way: steps from states next to each other lead to the same rows.
func EachBlock(blocks, workers int, f func(worker, block int) bool) {
	var taken, first, last atomic.Int64
	var ended atomic.Bool
	share := func(worker int) {
		for !ended.Load() && int(taken.Add(1)) <= blocks {
			i := blocks
			if worker%2 == 0 {
				i = int(first.Add(1)) - 1
			} else {
				i -= int(last.Add(1))
			}
			if !f(worker, i) {
				ended.Store(true)
			}
		}
	}
	var wg sync.WaitGroup
	for worker := 1; worker < min(workers, blocks); worker++ {
		wg.Go(func() { share(worker) })
	}
	share(0)
	wg.Wait()
}
