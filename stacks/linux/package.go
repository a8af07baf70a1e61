package linux

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Series lists the kernels' series that there are.
func Series() []string { return []string{"6.1", "6.12"} }

// keyring has the keys of Debian's archive, where Debian puts them.
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

// unpack returns the directory below dir in which the newest kernel of the series is
// unpacked. It takes Debian's package, and installs nothing.
func unpack(dir, series string) (_ string, err error) {
	unlock, err := lock(dir)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	into := filepath.Join(dir, "linux-"+series)
	if names, err := filepath.Glob(filepath.Join(into, "boot", "vmlinuz-*")); err == nil && len(names) == 1 {
		return into, nil
	}
	options, err := aptOptions(dir)
	if err != nil {
		return "", err
	}
	list, err := run(exec.Command("apt-cache", append(options, "pkgnames", "linux-image-"+series+".")...))
	if err != nil {
		return "", err
	}
	name := newest(strings.Fields(list), series)
	if name == "" {
		return "", fmt.Errorf("series %s: no cloud kernel among Debian's packages", series)
	}
	load := exec.Command("apt-get", append(options, "download", name)...)
	load.Dir = dir
	if _, err := run(load); err != nil {
		return "", err
	}
	packed, err := oneFile(filepath.Join(dir, name+"_*.deb"))
	if err != nil {
		return "", err
	}
	defer os.Remove(packed)
	part := into + ".part"
	if err := os.RemoveAll(part); err != nil {
		return "", err
	}
	if _, err := run(exec.Command("dpkg", "-x", packed, part)); err != nil {
		return "", err
	}
	return into, os.Rename(part, into)
}

// lock waits until no other process fetches a kernel into dir: apt uses lists there for
// one at a time, and refuses another.
func lock(dir string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", f.Name(), err), f.Close())
	}
	return f.Close, nil
}

// aptOptions returns the options with which apt uses lists of its own, below dir: the
// machine's own, and backports from the same mirror. It makes the lists.
func aptOptions(dir string) ([]string, error) {
	apt := filepath.Join(dir, "apt")
	for _, d := range []string{"lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(apt, d), 0o755); err != nil {
			return nil, err
		}
	}
	targets, err := run(exec.Command("apt-get", "indextargets", "--format", "$(ORIGIN) $(COMPONENT) $(SITE) $(RELEASE)", "Created-By: Packages"))
	if err != nil {
		return nil, err
	}
	var sources []string
	for line := range strings.Lines(targets) {
		words := strings.Fields(line)
		if len(words) != 4 || words[0] != "Debian" || words[1] != "main" {
			continue
		}
		site, release := words[2], words[3]
		releases := []string{release}
		if !strings.Contains(release, "-") {
			releases = append(releases, release+"-backports")
		}
		for _, r := range releases {
			sources = append(sources, fmt.Sprintf("deb [signed-by=%s] %s %s main", keyring, site, r))
		}
	}
	if len(sources) == 0 {
		return nil, fmt.Errorf("apt has no sources: want Debian's, for the kernels")
	}
	slices.Sort(sources)
	list := filepath.Join(apt, "sources.list")
	if err := os.WriteFile(list, []byte(strings.Join(slices.Compact(sources), "\n")+"\n"), 0o666); err != nil {
		return nil, err
	}
	options := []string{
		"-o", "Dir::Etc::SourceList=" + list, "-o", "Dir::Etc::SourceParts=/dev/null",
		"-o", "Dir::State::Lists=" + filepath.Join(apt, "lists"), "-o", "Dir::Cache=" + filepath.Join(apt, "cache"),
		"-o", "APT::Sandbox::User=", "-q",
	}
	_, err = run(exec.Command("apt-get", append(options, "update")...))
	return options, err
}

var kernelPackage = regexp.MustCompile(`^linux-image-(\d+(?:\.\d+)*)(.*)-cloud-amd64$`)

// newest returns the newest cloud kernel of the series among the packages, or "".
func newest(packages []string, series string) string {
	best, version := "", []int(nil)
	for _, name := range packages {
		m := kernelPackage.FindStringSubmatch(name)
		if m == nil || m[1] != series && !strings.HasPrefix(m[1], series+".") {
			continue
		}
		var v []int
		for _, part := range regexp.MustCompile(`\d+`).FindAllString(m[1]+m[2], -1) {
			n, _ := strconv.Atoi(part)
			v = append(v, n)
		}
		if best == "" || slices.Compare(v, version) > 0 {
			best, version = name, v
		}
	}
	return best
}
