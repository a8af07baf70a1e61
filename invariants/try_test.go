package invariants

import (
	"context"
	"fmt"
	"os"
	"testing"

	"tcpclose/explore"
	"tcpclose/model"
)

func TestTry(t *testing.T) {
	c, err := model.ParseConfig(os.Getenv("CFG"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Check(context.Background(), c, concat(Properties, Witnesses), Options{Options: explore.Options{}, NoTraces: os.Getenv("TR") == ""})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(c.Against(model.Default()))
	fmt.Println(r.Remembers, r.Result, r.Time)
	for _, f := range r.Findings {
		fmt.Printf("%-20s %s %s\n", f.Property.Name, f.Verdict, f.Reason)
		if f.Trace != nil && f.Property.Name == os.Getenv("TR") {
			fmt.Println(f.Trace)
		}
	}
}
