package linux

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"

	"tcpclose/stacks/adapter"
)

// Missing returns why no kernel can be run here, or nil.
func Missing() error {
	if runtime.GOARCH != "amd64" || runtime.GOOS != "linux" {
		return fmt.Errorf("%s/%s: want linux/amd64", runtime.GOOS, runtime.GOARCH)
	}
	for _, name := range []string{"qemu-system-x86_64", "apt-get", "dpkg", "go"} {
		if _, err := exec.LookPath(name); err != nil {
			return err
		}
	}
	return nil
}

// Prepare makes the image of a series, in the user's cache: it fetches the kernel if
// it is not there yet, and compiles the guest's program, whose sources are in the
// directory source, this module's.
func Prepare(series, source string) (Image, error) {
	if !slices.Contains(Series(), series) {
		return Image{}, fmt.Errorf("series %q: want one of %s", series, strings.Join(Series(), ", "))
	}
	if err := Missing(); err != nil {
		return Image{}, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return Image{}, err
	}
	cache = filepath.Join(cache, "tcpclose")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return Image{}, err
	}
	unpacked, err := unpack(cache, series)
	if err != nil {
		return Image{}, err
	}
	dir, err := os.MkdirTemp("", "tcpclose")
	if err != nil {
		return Image{}, err
	}
	guest := filepath.Join(dir, "guest")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", guest, "./guest")
	build.Dir = source
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOFLAGS=")
	if _, err := run(build); err != nil {
		return Image{}, err
	}
	return buildImage(dir, unpacked, guest)
}

// Remove removes what Prepare has made but for what the cache keeps.
func (i Image) Remove() error { return os.RemoveAll(filepath.Dir(i.Initramfs)) }

// machine returns the command that starts a machine with the image. Its serial
// line writes to the file console, a port is the command's input and output.
func (i Image) machine(args string) (machine *exec.Cmd, console string) {
	console = filepath.Join(filepath.Dir(i.Initramfs), "console")
	machine = exec.Command("qemu-system-x86_64",
		"-accel", "tcg", "-cpu", "qemu64", "-m", "128", "-icount", "shift=0,align=off,sleep=off",
		"-rtc", "base=2026-01-01,clock=vm", "-nodefaults", "-display", "none", "-no-reboot",
		// A serial line would cost an exit of the machine for each octet.
		"-serial", "file:"+console, "-device", "virtio-serial-pci", "-chardev", "stdio,id=bench", "-device", "virtserialport,chardev=bench",
		"-kernel", i.Kernel, "-initrd", i.Initramfs,
		"-append", "console=ttyS0 quiet loglevel=3 panic=-1 random.trust_cpu=0 tsc=reliable nokaslr mitigations=off thash_entries=64 ipv6.disable=1 -- "+args)
	machine.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a guest never rests
	return machine, console
}

// Facts writes what the facts of package kernel are on the image's kernel.
func (i Image) Facts(w io.Writer) error {
	machine, _ := i.machine("facts")
	var said strings.Builder
	machine.Stdout, machine.Stderr = w, &said
	// A port is closed to the guest when its input has ended.
	if _, err := machine.StdinPipe(); err != nil {
		return err
	}
	if err := machine.Run(); err != nil {
		return fmt.Errorf("%w: %s", err, said.String())
	}
	return nil
}

// Run starts a machine with the image, whose port is in and out, until in ends.
func (i Image) Run(in io.Reader, out io.Writer) error {
	machine, console := i.machine("")
	var said strings.Builder
	machine.Stderr = &said
	toGuest, err := machine.StdinPipe()
	if err != nil {
		return err
	}
	fromGuest, err := machine.StdoutPipe()
	if err != nil {
		return err
	}
	if err := machine.Start(); err != nil {
		return err
	}
	// What is written to the guest before it listens is lost.
	var failed error
	lines := bufio.NewReader(fromGuest)
	if hello, err := lines.ReadString('\n'); err == nil {
		ended := make(chan error, 1)
		rests := &resting{machine: machine.Process}
		go func() {
			ended <- eachLine(bufio.NewReader(in), toGuest, func(line string) { rests.asked(answers(line)) }, nil)
			_ = machine.Process.Kill() // a port does not tell the guest that there is no more
		}()
		_, err = io.WriteString(out, hello)
		rests.asked(0)
		err = errors.Join(err, eachLine(lines, out, nil, rests.answered))
		select {
		case failed = <-ended:
			_ = machine.Wait() // it says that it was killed
			return failed
		default:
			failed = err
		}
	}
	text, err := os.ReadFile(console)
	return errors.Join(fmt.Errorf("the machine has ended by itself: %s%s", said.String(), text), failed, err, machine.Wait())
}

// eachLine copies lines until there is none, with something done before and after each.
func eachLine(in *bufio.Reader, out io.Writer, before func(string), after func()) error {
	for {
		line, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if before != nil {
			before(line)
		}
		if _, err := io.WriteString(out, line); err != nil {
			return err
		}
		if after != nil {
			after()
		}
	}
}

// answers returns the number of lines with which the guest answers a line.
func answers(line string) int {
	if strings.HasPrefix(line, adapter.BatchVerb+" ") {
		return strings.Count(line, "|")
	}
	return 1
}

// A resting is a machine that is stopped while nothing is asked of it: its guest never
// halts while it waits for a line, since its clock would jump.
type resting struct {
	machine *os.Process
	lock    sync.Mutex
	waits   int // answers that are still to come
}

// asked notes that a line is coming which has so many answers.
func (r *resting) asked(answers int) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.waits += answers
	r.signal()
}

// answered notes an answer.
func (r *resting) answered() {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.waits--
	r.signal()
}

// signal stops the machine, or lets it go on. An error is of a machine that has ended.
func (r *resting) signal() {
	s := syscall.SIGCONT
	if r.waits <= 0 {
		s = syscall.SIGSTOP
	}
	_ = r.machine.Signal(s)
}
