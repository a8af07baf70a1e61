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
	layout *layout // once it was asked for
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

// A layout says where in a value of a type there is something, and where of that are bools.
type layout struct {
	size   int
	fields []span // from, to: ascending, and not next to each other
	bools  []uintptr
	text   bool // the type is a string
}

// layoutOf returns the layout of a type. It panics if its values are not all in their own
// memory.
func layoutOf(t reflect.Type) layout {
	if t.Kind() == reflect.String {
		return layout{text: true}
	}
	if !plain(t) {
		panic(fmt.Sprintf("product: values of %v point to others", t))
	}
	return layout{size: int(t.Size()), fields: fieldsOf(nil, t, 0), bools: boolOffsets(t, 0)}
}

// fieldsOf appends where in a value of t, which begins at an offset, there is something.
func fieldsOf(list []span, t reflect.Type, at uint32) []span {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			list = fieldsOf(list, t.Field(i).Type, at+uint32(t.Field(i).Offset))
		}
		return list
	case reflect.Array:
		for i := range t.Len() {
			list = fieldsOf(list, t.Elem(), at+uint32(i)*uint32(t.Elem().Size()))
		}
		return list
	}
	to := at + uint32(t.Size())
	if n := len(list); n > 0 && list[n-1].to == at {
		list[n-1].to = to
		return list
	}
	return append(list, span{at, to})
}

// known returns the layout of T.
func (n *Numbering[T]) known() layout {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.layout == nil {
		l := layoutOf(reflect.TypeFor[T]())
		n.layout = &l
	}
	return *n.layout
}

// Text appends the value with number i to dst: the same value has the same text wherever the
// same build of a program runs, whatever its number is there. Of strings it is the string;
// otherwise it panics if a value is not all in its own memory.
func (n *Numbering[T]) Text(dst []byte, i uint32) []byte {
	l, v := n.known(), n.Value(i)
	if l.text {
		return append(dst, reflect.ValueOf(v).String()...)
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(&v)), l.size)
	for _, f := range l.fields {
		dst = append(dst, b[f.from:f.to]...)
	}
	return dst
}

// Read numbers the value that Text wrote. It reports false if text is not of such a value.
func (n *Numbering[T]) Read(text []byte) (i uint32, ok bool) {
	var v T
	l := n.known()
	if l.text {
		reflect.ValueOf(&v).Elem().SetString(string(text))
		return n.Number(v), true
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(&v)), l.size)
	for _, f := range l.fields {
		if len(text) < int(f.to-f.from) {
			return 0, false
		}
		copy(b[f.from:f.to], text)
		text = text[f.to-f.from:]
	}
	for _, at := range l.bools {
		if b[at] > 1 {
			return 0, false
		}
	}
	if len(text) > 0 {
		return 0, false
	}
	return n.Number(v), true
}
