package screen

import (
	"fmt"
	"os"
)

// A plainSpinner writes the text again and again. In the browser, whose engine has no
// terminal, the other one would bring HTTP along.
type plainSpinner struct{ out *os.File }

func newSpinner(out *os.File) spinner { return plainSpinner{out} }

func (s plainSpinner) Describe(text string) { fmt.Fprintf(s.out, "\r%s\x1b[K", text) }
func (s plainSpinner) Add(int) error        { return nil }
func (s plainSpinner) Finish() error {
	_, err := fmt.Fprint(s.out, "\r\x1b[K")
	return err
}
