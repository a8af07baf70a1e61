package adapter

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// A Program is a stack that runs as a program and speaks the line protocol. A
// whole schedule goes to it at once.
type Program struct {
	Caps Caps

	command *exec.Cmd
	in      io.WriteCloser
	lines   *bufio.Scanner
	ended   bool
}

// startTime bounds the start of a stack, patience its answer to a schedule, endTime its end.
var (
	startTime = 5 * time.Minute // a machine that is busy boots a guest in minutes
	patience  = 30 * time.Minute
	endTime   = time.Minute
)

// Start starts the program, and reads what it is. What it writes to its standard
// error goes where command says.
func Start(command *exec.Cmd) (*Program, error) {
	p := &Program{command: command}
	if err := p.start(); err != nil {
		return nil, err
	}
	return p, nil
}

// start starts the command, and reads the first line.
func (p *Program) start() error {
	command := p.command
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if p.in, err = command.StdinPipe(); err != nil {
		return err
	}
	p.lines = bufio.NewScanner(out)
	p.lines.Buffer(nil, maxLine)
	if err := command.Start(); err != nil {
		return err
	}
	line, err := p.line(startTime)
	if err == nil {
		p.Caps, err = parseHello(line)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", command, err), p.kill())
	}
	return nil
}

// line returns the next line of the program. If none comes in time the program
// is killed.
func (p *Program) line(wait time.Duration) (string, error) {
	timer := time.AfterFunc(wait, func() { _ = p.command.Process.Kill() })
	ok := p.lines.Scan()
	if !timer.Stop() {
		return "", fmt.Errorf("no line from the stack in %s", wait)
	}
	if !ok {
		return "", fmt.Errorf("the stack has ended: %w", errors.Join(p.lines.Err(), io.ErrUnexpectedEOF))
	}
	return p.lines.Text(), nil
}

// Run does a schedule on a new host of the stack. A program that has ended is started
// again.
func (p *Program) Run(setup Setup, events Schedule) ([]Result, error) {
	if p.ended {
		if err := p.startAgain(); err != nil {
			return nil, err
		}
	}
	return p.ask(fmt.Sprintf("run %d %d %s", setup.Seed, setup.Buffer, events), len(events))
}

// More does more on the same host.
func (p *Program) More(events Schedule) ([]Result, error) {
	return p.ask(fmt.Sprintf("more %s", events), len(events))
}

// Batch plays many schedules, each on a new host: steps are the parts of a line of
// BatchVerb, events the numbers of their events. The program's Caps have Batch.
func (p *Program) Batch(setup Setup, steps []string, events []int) ([][]Result, error) {
	if p.ended {
		if err := p.startAgain(); err != nil {
			return nil, err
		}
	}
	line := fmt.Sprintf("%s %d %d | %s", BatchVerb, setup.Seed, setup.Buffer, strings.Join(steps, " | "))
	if _, err := fmt.Fprintln(p.in, line); err != nil {
		return nil, p.died(err)
	}
	all := make([][]Result, len(steps))
	for i := range steps {
		answer, err := p.line(patience)
		if err != nil {
			return nil, p.died(err)
		}
		if all[i], err = parseResults(answer, events[i]); err != nil {
			return nil, fmt.Errorf("schedule %d of %d: %w", i+1, len(steps), err)
		}
	}
	return all, nil
}

func (p *Program) ask(line string, events int) ([]Result, error) {
	if p.ended {
		return nil, errors.New("the stack has ended: want a new host")
	}
	if _, err := fmt.Fprintln(p.in, line); err != nil {
		return nil, p.died(err)
	}
	answer, err := p.line(patience)
	if err != nil {
		return nil, p.died(err)
	}
	results, err := parseResults(answer, events)
	if err != nil && !strings.HasPrefix(answer, "bad ") {
		// These may be the last words of a program that has failed.
		if _, silent := p.line(lastWords); silent != nil {
			return nil, p.died(err)
		}
	}
	return results, err
}

// lastWords is the time in which a program that has written nonsense ends, if it does.
const lastWords = time.Second

// died returns the error for a program that has ended by itself, which is the stack's
// failure: it begins as that of a stack in Go does.
func (p *Program) died(err error) error {
	p.ended = true
	_ = p.in.Close()
	return fmt.Errorf("panic: the stack has ended (%v): %w", p.command.Wait(), err)
}

// startAgain starts the same command.
func (p *Program) startAgain() error {
	was := p.command
	p.command = exec.Command(was.Path, was.Args[1:]...)
	p.command.Dir, p.command.Env, p.command.Stderr = was.Dir, was.Env, was.Stderr
	p.ended = false
	return p.start()
}

// Close ends the program.
func (p *Program) Close() error {
	if p.ended {
		return nil
	}
	err := p.in.Close()
	timer := time.AfterFunc(endTime, func() { _ = p.command.Process.Kill() })
	defer timer.Stop()
	return errors.Join(err, p.command.Wait())
}

func (p *Program) kill() error {
	err := p.command.Process.Kill()
	_ = p.command.Wait() // it says that it was killed
	return err
}
