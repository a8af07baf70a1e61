package main

import "fmt"

// The environment variables that a mutated package reads.
const (
	turnsOn = "MUTANT"          // the id of the mutant that is on
	limits  = "MUTANT_SECONDS"  // of a processor, after which it ends
	notes   = "MUTANTS_REACHED" // a file, with a byte for each id, which becomes 1 when the mutant is reached
)

// switches is the file that is added to a mutated package.
func switches(name string) []byte { return fmt.Appendf(nil, "package %s\n%s", name, switchesBody) }

const switchesBody = `
import (
	"cmp"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

var mutantID, mutantReached = mutantStart()

func mutantStart() (int, []byte) {
	id, _ := strconv.Atoi(os.Getenv("` + turnsOn + `"))
	if id > 0 {
		go mutantWatch()
		if limit, _ := strconv.ParseUint(os.Getenv("` + limits + `"), 10, 64); limit > 0 {
			if err := syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
				panic(err)
			}
		}
	}
	name := os.Getenv("` + notes + `")
	if name == "" {
		return id, nil
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		panic(err)
	}
	info, err := f.Stat()
	if err != nil {
		panic(err)
	}
	reached, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	return id, reached
}

// mutantWatch ends a mutant that takes much memory.
func mutantWatch() {
	for range time.Tick(50 * time.Millisecond) {
		text, _ := os.ReadFile("/proc/self/statm")
		if words := strings.Fields(string(text)); len(words) > 1 {
			if pages, _ := strconv.Atoi(words[1]); pages > 1<<30/os.Getpagesize() {
				println("the mutant takes more than 1 GiB")
				os.Exit(3)
			}
		}
	}
}

func mutantOn(id int) bool {
	if mutantReached != nil {
		mutantReached[id] = 1
	}
	return id == mutantID
}

type mutantInteger interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

type mutantNumeric interface {
	mutantInteger | ~float32 | ~float64 | ~complex64 | ~complex128
}

func mutantNumber[T mutantInteger](id int, n T) T {
	if mutantOn(id) {
		return n + 1
	}
	if mutantOn(id + 1) {
		return n - 1
	}
	return n
}

func mutantPlus[T mutantNumeric](id int, x, y T) T {
	if mutantOn(id) {
		return x - y
	}
	return x + y
}

func mutantLessBy[T mutantNumeric](id int, x, y T) T {
	if mutantOn(id) {
		return x + y
	}
	return x - y
}

func mutantMinus[T mutantNumeric](id int, x T) T {
	if mutantOn(id) {
		return -x
	}
	return x
}

func mutantZero[T any](id int, x T) (zero T) {
	if mutantOn(id) {
		return zero
	}
	return x
}

func mutantLess[T cmp.Ordered](id int, x, y T) bool    { return x < y || x == y && mutantOn(id) }
func mutantMore[T cmp.Ordered](id int, x, y T) bool    { return x > y || x == y && mutantOn(id) }
func mutantAtMost[T cmp.Ordered](id int, x, y T) bool  { return x < y || x == y && !mutantOn(id) }
func mutantAtLeast[T cmp.Ordered](id int, x, y T) bool { return x > y || x == y && !mutantOn(id) }
`
