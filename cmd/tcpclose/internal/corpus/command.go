package corpus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tcpclose/cmd/tcpclose/internal/cli"
	"tcpclose/cmd/tcpclose/internal/report"
	"tcpclose/cmd/tcpclose/internal/screen"
	"tcpclose/internal/lang"
)

const helpText = `Writes captures of closing connections into a directory, for authors of tools
that read captures: the shortest run to each kind of close, with its handshake,
captured at either end (NAME-a.pcap, NAME-b.pcap), and the correct answers as
JSON (corpus.json): which end closed first, what each segment is, whether it
arrived, what each application read and was told, and the final state of each
end. docs/corpus.md describes the form. The files are the same each time, octet
for octet.

The directory must be new or empty; all files appear at once, or none.

    tcpclose corpus closes
    tcpclose explain closes/fin-overtakes-text-b.pcap

Exit status: 0; 2 for a wrong command line, or a directory that is not empty; 3
if it was interrupted and wrote nothing.
`

// Command returns the command, of a kind of commands.
func Command(kind string) *cli.Command {
	return &cli.Command{
		Name: "corpus", Args: "DIR [FLAGS]", Kind: kind,
		Summary: "write captures of every kind of close, with the correct answers",
		Text:    helpText,
		Set:     func() *cli.Set { return set(new(bool)) },
		Run:     run,
	}
}

func set(overwrite *bool) *cli.Set {
	set := cli.NewSet("corpus")
	set.Switch(cli.Flag{Name: "overwrite", Group: cli.Output, Means: "write into a directory that is not empty"}, overwrite)
	return set
}

func run(ctx context.Context, args []string, out, errs io.Writer) (int, error) {
	overwrite := false
	names, err := set(&overwrite).Parse(args)
	if err != nil {
		return 0, err
	}
	if len(names) != 1 || names[0] == "" {
		m := cli.Want("the name of one directory")
		if len(names) > 1 {
			m = cli.Argument(names[1], "the name of one directory")
		}
		return 0, m
	}
	dir := names[0]
	empty, err := isEmpty(dir)
	if err != nil {
		return 0, cli.Want("a directory that can be written: %v", cli.Innermost(err)).Of("argument", dir)
	}
	if !empty && !overwrite {
		return 0, cli.Want("a directory that is empty, or new; -overwrite writes into it all the same").Of("argument", dir)
	}
	progress := screen.NewProgress(errs, lang.English, "looking for runs")
	made, err := Make(ctx, func(i, of int, name string) { progress.Doing("%d of %d: %s", i+1, of, name) })
	progress.End()
	if ctx.Err() != nil {
		fmt.Fprintln(errs, "tcpclose corpus: interrupted: nothing is written")
		return cli.Unknown, nil
	}
	if err != nil {
		return cli.Unknown, fmt.Errorf("an error of this program: %w", err)
	}
	if err := write(dir, made, empty); err != nil {
		return 0, cli.Want("a directory that can be written: %v", cli.Innermost(err)).Of("argument", dir)
	}
	fmt.Fprintf(out, "%d cases, %d captures, and %s\n", len(made), len(made)*2, filepath.Join(dir, answers))
	return cli.OK, nil
}

// answers is the name of the file with the answers.
const answers = "corpus.json"

// isEmpty reports whether a directory has nothing in it, or is not there.
func isEmpty(dir string) (bool, error) {
	list, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	return len(list) == 0, err
}

// write writes the files: into a new directory that then takes the place of the empty
// one, or, if there is something in it, each as a whole, the answers last.
func write(dir string, made []Made, empty bool) (err error) {
	into := dir
	if empty {
		if into, err = os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".corpus-*"); err != nil {
			return err
		}
		defer func() {
			if err != nil {
				os.RemoveAll(into)
			}
		}()
	}
	put := func(name string, text []byte) error {
		return report.WriteFile("", filepath.Join(into, name), func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
	}
	c := Corpus{Schema: Schema}
	for _, m := range made {
		c.Cases = append(c.Cases, m.Answer)
		for name, text := range m.Files {
			if err := put(name, text); err != nil {
				return err
			}
		}
	}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	if err := put(answers, append(text, '\n')); err != nil || !empty {
		return err
	}
	if err := os.Chmod(into, 0o755); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Rename(into, dir)
}
