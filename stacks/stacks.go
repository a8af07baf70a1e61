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
	"strings"

	"tcpclose/internal/lang"
)

// A Stack is one of the bench.
type Stack struct {
	Name  string
	About string
	Dir   string // of its module, below this package's directory; "" is the module tcpclose
	Main  string // its program, below Dir, or below this package's directory
	// Library is that of a stack in C, and Version the library's: Main is a directory
	// with a C file of that name, which is built with the template's shim.
	Library, Version string
	Args             []string
	needs            func() error
	// prepares: before its first start the program, with -prepare, fetches what it
	// needs, which takes longer than a start may.
	prepares bool
}

// All lists the stacks, by name.
var All = []Stack{
	{Name: "gvisor", About: "gVisor's netstack, in virtual time", Dir: "gvisor", Main: "./serve"},
	{Name: "kernel", About: "the running Linux kernel, in a network namespace, in real time", Dir: "kernel", Main: "./serve", needs: needsTUN},
	{Name: "libslirp", About: "libslirp, of Debian's libslirp-dev, in virtual time", Main: "./libslirp", Library: "slirp", Version: "4.7.0", needs: needsC("slirp/libslirp.h", "libslirp-dev")},
	linux("6.1"),
	linux("6.12"),
	{Name: "lneto", About: "github.com/soypat/lneto, in virtual time", Dir: "lneto", Main: "./serve"},
	{Name: "lwip", About: "lwIP, of Debian's liblwip-dev, in virtual time", Main: "./lwip", Library: "lwip", Version: "2.1.3", needs: needsC("lwip/lwip/tcp.h", "liblwip-dev")},
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
	return Stack{}, lang.Errorf("stack %q: want one of %v", name, names)
}

// Missing returns why the stack cannot be started here, or nil. root is the
// directory of the module tcpclose.
func (s Stack) Missing(root string) error {
	dir := s.dir(root)
	if _, err := os.Stat(filepath.Join(dir, s.Main)); errors.Is(err, fs.ErrNotExist) {
		return lang.Errorf("%s: no such directory: want the sources of tcpclose", filepath.Join(dir, s.Main))
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
	if s.Library != "" {
		command = exec.Command("gcc", "-std=c11", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror",
			fmt.Sprintf("-DSTACK_NAME=%q", s.Name), fmt.Sprintf("-DSTACK_VERSION=%q", s.Version),
			"-isystem", filepath.Join(headers, s.Library), "-o", file,
			"template/c/shim.c", filepath.Join(s.Main, s.Name+".c"), "-l"+s.Library)
	}
	command.Dir = s.dir(root)
	out, err := command.CombinedOutput()
	if err != nil {
		return lang.Errorf("stack %s: %w: %s", s.Name, err, out)
	}
	if s.prepares {
		if out, err := exec.Command(file, append(slices.Clone(s.Args), "-prepare")...).CombinedOutput(); err != nil {
			return lang.Errorf("stack %s: %w: %s", s.Name, err, out)
		}
	}
	return nil
}

// Command returns the command that starts the program that Build has written.
func (s Stack) Command(file string) *exec.Cmd { return exec.Command(file, s.Args...) }

// headers is where Debian's packages put the headers of libraries.
const headers = "/usr/include"

// needsC returns what checks for a compiler and for the header of a package.
func needsC(header, debian string) func() error {
	return func() error {
		if _, err := exec.LookPath("gcc"); err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Join(headers, header)); err != nil {
			return lang.Errorf("%w: want Debian's package %s", err, debian)
		}
		return nil
	}
}

func needsQEMU() error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return lang.Errorf("%s/%s: want linux/amd64", runtime.GOOS, runtime.GOARCH)
	}
	for _, name := range []string{"qemu-system-x86_64", "apt-get", "dpkg"} {
		if _, err := exec.LookPath(name); err != nil {
			return lang.Errorf("%w: want Debian's packages qemu-system-x86, apt and dpkg", err)
		}
	}
	return nil
}

func needsTUN() error {
	if runtime.GOOS != "linux" {
		return lang.Errorf("%s: want linux", runtime.GOOS)
	}
	if os.Geteuid() != 0 {
		return lang.Errorf("not root")
	}
	_, err := os.Stat("/dev/net/tun")
	return err
}

// Root returns the directory of the module tcpclose that dir is in.
func Root(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module tcpclose\n") {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", lang.Errorf("want a directory in a checkout of tcpclose to build it")
		}
	}
}
