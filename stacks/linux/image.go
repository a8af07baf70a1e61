package linux

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/cavaliergopher/cpio"
	"github.com/ulikunitz/xz"
)

// An Image is a kernel, and the file system that it starts with.
type Image struct {
	Kernel, Initramfs string // files
}

// buildImage makes an image in dir of an unpacked kernel package and the guest's
// program.
func buildImage(dir, unpacked, guest string) (i Image, err error) {
	if i.Kernel, err = oneFile(filepath.Join(unpacked, "boot", "vmlinuz-*")); err != nil {
		return i, err
	}
	init, err := os.ReadFile(guest)
	if err != nil {
		return i, err
	}
	files := []file{{"init", init}}
	for _, m := range modules {
		text, err := module(unpacked, "kernel/drivers/"+m+".ko")
		if errors.Is(err, os.ErrNotExist) {
			continue // it is built in
		}
		if err != nil {
			return i, err
		}
		files = append(files, file{filepath.Base(m) + ".ko", text})
	}
	i.Initramfs = filepath.Join(dir, "initramfs.gz")
	return i, writeArchive(i.Initramfs, files)
}

// modules lists what the guest needs that a kernel may have as modules, each after those
// that it needs.
var modules = []string{
	"net/tun", "virtio/virtio_ring", "virtio/virtio", "virtio/virtio_pci_legacy_dev", "virtio/virtio_pci_modern_dev",
	"virtio/virtio_pci", "char/virtio_console",
}

// oneFile returns the only file of that pattern.
func oneFile(pattern string) (string, error) {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return "", err
	}
	if len(names) != 1 {
		return "", fmt.Errorf("%s: %d files: want one", pattern, len(names))
	}
	return names[0], nil
}

// module returns a module of the kernel, which may be packed.
func module(unpacked, name string) ([]byte, error) {
	base, err := oneFile(filepath.Join(unpacked, "lib", "modules", "*"))
	if err != nil {
		return nil, err
	}
	file := filepath.Join(base, name)
	text, err := os.ReadFile(file)
	if !errors.Is(err, os.ErrNotExist) {
		return text, err
	}
	f, err := os.Open(file + ".xz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := xz.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s.xz: %w", file, err)
	}
	return io.ReadAll(r)
}

// A file of the archive, in its root.
type file struct {
	name string
	text []byte
}

// writeArchive writes the files in the form in which a kernel takes them.
func writeArchive(name string, files []file) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	packed := gzip.NewWriter(f)
	w := cpio.NewWriter(packed)
	// The kernel opens its console before there is a file system of devices.
	for _, dir := range []string{"dev", "proc", "sys"} {
		if err := w.WriteHeader(&cpio.Header{Name: dir, Mode: cpio.TypeDir | 0o755}); err != nil {
			return err
		}
	}
	for _, entry := range files {
		if err := w.WriteHeader(&cpio.Header{Name: entry.name, Mode: cpio.TypeReg | 0o755, Size: int64(len(entry.text))}); err != nil {
			return err
		}
		if _, err := w.Write(entry.text); err != nil {
			return err
		}
	}
	return errors.Join(w.Close(), packed.Close())
}

// run returns what a command writes. If it fails the error has what it is, its last
// argument, and what it says is wrong.
func run(command *exec.Cmd) (string, error) {
	out, err := command.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	if err != nil {
		return "", fmt.Errorf("%s, %s: %w", filepath.Base(command.Path), command.Args[len(command.Args)-1], err)
	}
	return string(out), nil
}
