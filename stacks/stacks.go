// Package stacks lists the TCP stacks of the bench, and how each is started.
//
// A stack is a program that speaks the line protocol of package adapter. Those
// that need other modules are in modules of their own, so that tcpclose itself
// needs none of them.
package stacks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// A Stack is one of the bench.
type Stack struct {
	Name  string
	About string
	Dir   string // of its module, below this package's directory; "" is the module tcpclose
	Main  string // its program, below Dir, or below this package's directory
	needs func() error
}

// All lists the stacks, by name.
var All = []Stack{
	{"gvisor", "gVisor's netstack, in virtual time", "gvisor", "./serve", nil},
	{"kernel", "the running Linux kernel, in a network namespace, in real time", "kernel", "./serve", needsTUN},
	{"lneto", "github.com/soypat/lneto, in virtual time", "lneto", "./serve", nil},
	{"own", "an endpoint of the model, in virtual time", "", "./own/serve", nil},
}

// Find returns the stack of that name.
func Find(name string) (Stack, error) {
	for _, s := range All {
		if s.Name == name {
			return s, nil
		}
	}
	names := make([]string, len(All))
	for i, s := range All {
		names[i] = s.Name
	}
	return Stack{}, fmt.Errorf("stack %q: want one of %v", name, names)
}

// Missing returns why the stack cannot be started here, or nil. root is the
// directory of the module tcpclose.
func (s Stack) Missing(root string) error {
	dir := s.dir(root)
	if _, err := os.Stat(filepath.Join(dir, s.Main)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: no such directory: want the sources of tcpclose", filepath.Join(dir, s.Main))
	}
	if _, err := exec.LookPath("go"); err != nil {
		return err
	}
	if s.needs != nil {
		return s.needs()
	}
	return nil
}

func (s Stack) dir(root string) string { return filepath.Join(root, "stacks", s.Dir) }

// Build compiles the stack's program into file.
func (s Stack) Build(root, file string) error {
	command := exec.Command("go", "build", "-o", file, s.Main)
	command.Dir = s.dir(root)
	out, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("stack %s: %w: %s", s.Name, err, out)
	}
	return nil
}

func needsTUN() error {
	if runtime.GOOS != "linux" {
		return fmt.Errorf("%s: want linux", runtime.GOOS)
	}
	if os.Geteuid() != 0 {
		return errors.New("not root")
	}
	_, err := os.Stat("/dev/net/tun")
	return err
}
