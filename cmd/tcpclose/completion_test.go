package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The shells complete with the scripts that they are given.
func TestCompletion_Shells(t *testing.T) {
	const bash = `source <(tcpclose completion bash)
COMP_WORDS=(tcpclose check -rst-check ""); COMP_CWORD=3; _tcpclose; echo "${COMPREPLY[*]}"
COMP_WORDS=(tcpclose check -preset = no-d); COMP_CWORD=4; _tcpclose; echo "${COMPREPLY[*]}"
COMP_WORDS=(tcpclose abo); COMP_CWORD=1; _tcpclose; echo "${COMPREPLY[*]}"`
	const fish = `tcpclose completion fish | source
complete -C "tcpclose check -rst-check " | string join " "
complete -C "tcpclose check -preset=no-d" | string replace -- "-preset=" ""
complete -C "tcpclose abo" | string split -f 1 \t`
	const zsh = `autoload -U compinit; compinit -u -D; source <(tcpclose completion zsh)
_describe() { print -r -- ${(P)${@[-1]}%%:*} }
words=(tcpclose check -rst-check ""); CURRENT=4; _tcpclose
words=(tcpclose check -preset=no-d); CURRENT=3; _tcpclose | sed s/-preset=//
words=(tcpclose abo); CURRENT=2; _tcpclose`
	for shell, script := range map[string]string{"bash": bash, "fish": fish, "zsh": zsh} {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil {
				t.Skip("no " + shell)
			}
			c := exec.CommandContext(t.Context(), shell, "-c", script)
			c.Env = append(c.Environ(), "HOME="+t.TempDir())
			out, err := c.CombinedOutput()
			require.NoError(t, err, string(out))
			assert.Equal(t, "exact window exact-or-fin\nno-data\nabout", strings.TrimSpace(string(out)))
		})
	}
}
