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
	"slices"
)

// A Stack is one of the bench.
type Stack struct {
	Name  string
	About string
	Dir   string // of its module, below this package's directory; "" is the module tcpclose
	Main  string // its program, below Dir, or below this package's directory
	Args  []string
	needs func() error
	// prepares: before its first start the program, with -prepare, fetches what it
	// needs, which takes longer than a start may.
	prepares bool
}

// All lists the stacks, by name.
var All = []Stack{
	{Name: "gvisor", About: "gVisor's netstack, in virtual time", Dir: "gvisor", Main: "./serve"},
	{Name: "kernel", About: "the running Linux kernel, in a network namespace, in real time", Dir: "kernel", Main: "./serve", needs: needsTUN},
	linux("6.1"),
	linux("6.12"),
	{Name: "lneto", About: "github.com/soypat/lneto, in virtual time", Dir: "lneto", Main: "./serve"},
	{Name: "own", About: "an endpoint of the model, in virtual time", Main: "./own/serve"},
}

// linux returns Debian's kernel of a series.
func linux(series string) Stack {
	return Stack{
		Name: "linux-" + series, About: "Debian's kernel " + series + " in QEMU, in virtual time",
		Dir: "linux", Main: "./serve", Args: []string{"-series", series}, needs: needsQEMU, prepares: true,
	}
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

// Build compiles the stack's program into file, and fetches what it needs.
func (s Stack) Build(root, file string) error {
	command := exec.Command("go", "build", "-o", file, s.Main)
	command.Dir = s.dir(root)
	out, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("stack %s: %w: %s", s.Name, err, out)
	}
	if s.prepares {
		if out, err := exec.Command(file, append(slices.Clone(s.Args), "-prepare")...).CombinedOutput(); err != nil {
			return fmt.Errorf("stack %s: %w: %s", s.Name, err, out)
		}
	}
	return nil
}

// Command returns the command that starts the program that Build has written.
func (s Stack) Command(file string) *exec.Cmd { return exec.Command(file, s.Args...) }

func needsQEMU() error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return fmt.Errorf("%s/%s: want linux/amd64", runtime.GOOS, runtime.GOARCH)
	}
	for _, name := range []string{"qemu-system-x86_64", "apt-get", "dpkg"} {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("%w: want Debian's packages qemu-system-x86, apt and dpkg", err)
		}
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
