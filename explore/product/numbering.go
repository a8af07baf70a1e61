package product

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"
)

// A Numbering gives each different value of T a number, from 1, in the order in
// which they are first asked for. It may be used from several goroutines.
type Numbering[T comparable] struct {
	mu     sync.RWMutex
	number map[T]uint32
	value  []T
}

// Number returns the number of t.
func (n *Numbering[T]) Number(t T) uint32 {
	n.mu.RLock()
	i, ok := n.number[t]
	n.mu.RUnlock()
	if ok {
		return i
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if i, ok := n.number[t]; ok {
		return i
	}
	if n.number == nil {
		n.number = map[T]uint32{}
	}
	n.value = append(n.value, t)
	n.number[t] = uint32(len(n.value))
	return uint32(len(n.value))
}

// Value returns the value with number i. It panics if i was not given by Number.
func (n *Numbering[T]) Value(i uint32) T {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.value[i-1]
}

// Len returns the number of values that have one.
func (n *Numbering[T]) Len() int {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return len(n.value)
}

// all returns the values, in the order of their numbers.
func (n *Numbering[T]) all() []T {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.value
}

// Bytes returns the values in the order of their numbers, as they lie in memory: for a Checkpoint,
// which only the same build of a program reads. It panics if what is numbered is not
// all in its own memory.
func (n *Numbering[T]) Bytes() []byte {
	n.mu.RLock()
	values := n.value // what is in it does not change
	n.mu.RUnlock()
	if t := reflect.TypeFor[T](); !plain(t) {
		panic(fmt.Sprintf("product: values of %v point to others", t))
	}
	if len(values) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), len(values)*int(unsafe.Sizeof(values[0])))
}

// Restore numbers the values that Bytes returned, as they were. It reports false if b is
// not of such values, or if something else has one of these numbers.
func (n *Numbering[T]) Restore(b []byte) bool {
	var t T
	size := int(unsafe.Sizeof(t))
	if !plain(reflect.TypeFor[T]()) || size == 0 || len(b)%size != 0 {
		return false
	}
	bools := boolOffsets(reflect.TypeFor[T](), 0)
	for i := 0; i*size < len(b); i++ {
		for _, at := range bools {
			if b[i*size+int(at)] > 1 {
				return false // which no bool is
			}
		}
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&t)), size), b[i*size:])
		if n.Number(t) != uint32(i+1) {
			return false
		}
	}
	return true
}

// boolOffsets returns where in a value of t, which is plain and begins at an offset, there
// are bools.
func boolOffsets(t reflect.Type, at uintptr) (offsets []uintptr) {
	switch t.Kind() {
	case reflect.Bool:
		offsets = append(offsets, at)
	case reflect.Struct:
		for i := range t.NumField() {
			offsets = append(offsets, boolOffsets(t.Field(i).Type, at+t.Field(i).Offset)...)
		}
	case reflect.Array:
		for i := range t.Len() {
			offsets = append(offsets, boolOffsets(t.Elem(), at+uintptr(i)*t.Elem().Size())...)
		}
	}
	return offsets
}

// plain reports whether values of t are all in their own memory.
func plain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if !plain(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Array:
		return plain(t.Elem())
	}
	return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Complex128
}
