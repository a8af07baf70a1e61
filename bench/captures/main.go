// Command captures measures 'tcpclose explain' on a capture of a million segments in
// 100,000 connections, and tshark on the same file, one after the other.
//
//	go run ./bench/captures                       # both
//	go run ./bench/captures -connections 10000    # smaller
//	go run ./bench/captures -connections 800000 -tshark=false  # 2 GB, tcpclose alone
//
// For each program it prints the time, the processor's time and the most memory that it
// took. It builds tcpclose itself; without tshark it measures tcpclose alone.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/dustin/go-humanize"

	"tcpclose/capture/synthetic"
)

func main() {
	connections := flag.Int("connections", 100_000, "connections of the capture")
	seed := flag.Uint64("seed", 1, "what the capture is drawn by")
	others := flag.Bool("tshark", true, "measure tshark as well")
	flag.Parse()
	if flag.NArg() > 0 || *connections < 1 {
		fmt.Fprintln(os.Stderr, "captures: want flags only, and 1 connection or more")
		os.Exit(2)
	}
	if err := measure(*connections, *seed, *others); err != nil {
		fmt.Fprintf(os.Stderr, "captures: %v\n", err)
		os.Exit(2)
	}
}

func measure(connections int, seed uint64, others bool) error {
	dir, err := os.MkdirTemp("", "captures-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program, file := filepath.Join(dir, "tcpclose"), filepath.Join(dir, "capture.pcap")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/tcpclose").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	tally, size, err := write(file, connections, seed)
	if err != nil {
		return err
	}
	fmt.Printf("%s segments in %s connections, %s; %d processors\n", humanize.Comma(int64(tally.Segments)), humanize.Comma(int64(connections)),
		humanize.Bytes(uint64(size)), runtime.GOMAXPROCS(0))
	commands := [][]string{{program, "explain", file}, {program, "explain", file, "-json"}}
	if others {
		commands = append(commands,
			[]string{"tshark", "-n", "-r", file, "-q", "-z", "conv,tcp"},
			[]string{"tshark", "-n", "-r", file, "-Y", "tcp.analysis.flags", "-T", "fields", "-e", "frame.number"})
	}
	for _, command := range commands {
		if err := run(command, file); errors.Is(err, exec.ErrNotFound) {
			fmt.Printf("%s: not installed\n", command[0])
		} else if err != nil {
			return err
		}
	}
	return nil
}

func write(name string, connections int, seed uint64) (t synthetic.Tally, size int64, err error) {
	file, err := os.Create(name)
	if err != nil {
		return t, 0, err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	t, err = synthetic.Write(out, connections, seed)
	if err = errors.Join(err, out.Flush()); err != nil {
		return t, 0, errors.Join(err, file.Close())
	}
	info, err := file.Stat()
	if err != nil {
		return t, 0, err
	}
	return t, info.Size(), file.Close()
}

// run runs a program, whose output nobody reads, and prints what it took.
func run(command []string, file string) error {
	cmd := exec.Command(command[0], command[1:]...)
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", command[0], err)
	}
	wall := time.Since(start)
	shown := strings.ReplaceAll(strings.Join(command, " "), file, "FILE")
	shown = strings.Replace(shown, command[0], filepath.Base(command[0]), 1)
	memory := "unknown"
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		memory = humanize.IBytes(uint64(usage.Maxrss) << 10) // Linux counts in KiB
	}
	fmt.Printf("%7.1f s  %6.1f s of processor  %9s  %s\n", wall.Seconds(),
		(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), memory, shown)
	return nil
}
