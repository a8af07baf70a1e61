package invariants

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"tcpclose/explore"
	"tcpclose/model"
)

func TestCount(t *testing.T) {
	c, err := model.ParseConfig(os.Getenv("CFG"))
	if err != nil {
		t.Fatal(err)
	}
	y, _ := model.NewSystem(c)
	var pats []Pattern
	if os.Getenv("NEEDS") != "" {
		var n int
		fmt.Sscan(os.Getenv("NEEDS"), &n)
		pats = []Pattern{{Kind: explore.States, Needs: needs(n), Self: func(*End) bool { return false }}}
	}
	p := newProduct(y, pats)
	t0 := time.Now()
	w := 2
	r, err := explore.ExploreProduct(context.Background(), &p.Product, explore.Options{Workers: w, Limits: explore.Limits{States: 300e6}})
	if err != nil {
		t.Fatal(err)
	}
	d := time.Since(t0)
	fmt.Println(c, "\n", r.Result, d, "states/s", float64(r.Distinct)/d.Seconds()/1e6, "M; trans", float64(r.Generated)/d.Seconds()/1e6, "M/s ends", p.ends.Len(), "nets", p.nets.Len(), "msgs", p.messages.Len())
}
