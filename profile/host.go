package profile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tcpclose/internal/lang"
)

// HostDir is where a machine has its parameters.
const HostDir = "/proc/sys/net/ipv4"

// Host returns the profile of the machine whose parameters are files in dir. What is
// not there has its default, and is listed in missing.
func Host(dir string) (l Linux, missing []string, err error) {
	l = Defaults()
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return l, nil, lang.Errorf("%q: want a directory such as %s", dir, HostDir)
	}
	for _, s := range Sysctls {
		text, err := os.ReadFile(filepath.Join(dir, s.Name))
		if errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, s.Name)
			continue
		}
		if err != nil {
			return l, nil, lang.Errorf("%s: %w", s.Name, errors.Unwrap(err))
		}
		n, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return l, nil, lang.Errorf("%s: %.40q: want a number", s.Name, strings.TrimSpace(string(text)))
		}
		if err := s.Set(&l, n); err != nil {
			return l, nil, err
		}
	}
	return l, missing, nil
}
