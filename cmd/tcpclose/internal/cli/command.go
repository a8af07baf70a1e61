package cli

import (
	"context"
	"io"
)

// A Command is a command of the program.
type Command struct {
	Name    string
	Args    string // how it is called: "EXPRESSION [PRESET] [FLAGS]"
	Summary string // in a line
	Text    string // what it does, in paragraphs
	Kind    string // what it is for, as help orders the commands
	Hidden  bool   // it is for programs
	// Set returns its flags.
	Set func() *Set
	// Words returns the words that can stand alone.
	Words func() []string
	// Run runs it, and returns the exit status. An error is one of the command line,
	// unless the status says that the verdict is unknown.
	Run func(ctx context.Context, args []string, out, errs io.Writer) (int, error)
}
