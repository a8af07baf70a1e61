//go:build !js

package screen

import (
	"os"

	"github.com/schollz/progressbar/v3"
)

func newSpinner(out *os.File) spinner {
	return progressbar.NewOptions(-1, progressbar.OptionSetWriter(out), progressbar.OptionSpinnerType(14),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetElapsedTime(false))
}
