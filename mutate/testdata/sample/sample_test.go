package sample

import (
	"net/http"
	"testing"
)

func TestLargest(t *testing.T) {
	if n := Largest([]int{3, 9, 4, 9}); n != 9 {
		t.Fatal(n)
	}
}

func TestDown(t *testing.T) {
	if n := Down(5); n != 10 {
		t.Fatal(n)
	}
}

func TestBoth(t *testing.T) {
	calls := 0
	no := func() bool { calls++; return false }
	yes := func() bool { return true }
	if Both(no, yes) || !Either(yes, no) || !Either(no, yes) || calls != 2 {
		t.Fatal(calls)
	}
}

func TestSum(t *testing.T) {
	if n, err := Sum(10); n != 14 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := Sum(200); err == nil {
		t.Fatal("no error")
	}
}

func TestPatient(t *testing.T) {
	if !Patient(&http.Client{Timeout: 9}) {
		t.Fatal()
	}
}
