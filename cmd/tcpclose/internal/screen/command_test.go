package screen

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	_ "tcpclose/internal/tier" // the seed of rapid
)

func TestCommand(t *testing.T) {
	assert.Equal(t, "  tcpclose check -rto 2\n", Command(2, "tcpclose", "check", "-rto 2"))
	long := Command(2, "tcpclose", "check", "-a-octets 0", "-b-octets 0", "-clock leaps", "-msl 1", "-time-wait 600", "-rto-max 1200")
	assert.Equal(t, "  tcpclose check -a-octets 0 -b-octets 0 -clock leaps -msl 1 -time-wait 600 \\\n     -rto-max 1200\n", long)
}

// A shell reads the same words, in however many lines they stand.
func TestCommand_Shell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell")
	}
	rapid.Check(t, func(t *rapid.T) {
		args := rapid.SliceOfN(rapid.StringMatching(`[-a-z=&'" <]{1,30}|[a-z,]{1,200}|([a-z.]{1,9} && ){1,20}x`), 1, 9).Draw(t, "args")
		words := []string{"printf", "'<%s>'"}
		for i, arg := range args {
			args[i] = strings.Join(strings.Fields(arg), " ")
			words = append(words, Quoted(args[i]))
		}
		text := Command(2, words...)
		for line := range strings.Lines(text) {
			assert.LessOrEqual(t, Width(strings.TrimRight(line, "\n")), Columns, line)
		}
		out, err := exec.Command(sh, "-c", text).Output()
		require.NoError(t, err, text)
		assert.Equal(t, "<"+strings.Join(args, "><")+">", strings.Join(strings.Fields(string(out)), " "))
	})
}
