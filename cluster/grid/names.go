package grid

import (
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"tcpclose/cluster/wire"
)

// names gives the subjects and streams of a job. No message is told apart by anything else.
type names struct{ wire.Job }

func (n names) subject(words ...any) string {
	var b strings.Builder
	b.WriteString(root + "." + n.ID)
	for _, w := range words {
		fmt.Fprintf(&b, ".%v", w)
	}
	return b.String()
}

func (n names) stream(kind string) string { return "TCPCLOSE_" + n.ID + "_" + kind }

// Streams. Blocks and rows are on several, so that no leader carries all.
func (n names) work() string { return n.stream("WORK") }
func (n names) log() string  { return n.stream("LOG") }
func (n names) blocks(target int) string {
	return n.stream(fmt.Sprintf("BLOCKS_%d", target%n.Streams))
}
func (n names) rows(partition int) string {
	return n.stream(fmt.Sprintf("ROWS_%d", partition%n.Streams))
}

// Subjects of work.
const anyWorker = "any"

func (n names) task(worker string) string { return n.subject("work", worker) }

// Subjects of blocks: from a task for a partition; and what marks need and find.
func (n names) block(level, target, task, i int) string {
	return n.subject("block", target%n.Streams, level, target, task, i)
}
func (n names) blocksOf(stream, level int) string { return n.subject("block", stream, level, ">") }
func (n names) targets(level int, key string, i int) string {
	return n.subject("block", 0, level, "targets", key, i)
}
func (n names) marked(level int, key string, task, i int) string {
	return n.subject("block", 0, level, "marked", key, task, i)
}

// Subjects of rows: what is new in a level.
func (n names) piece(level, partition, i int) string {
	return n.subject("rows", partition%n.Streams, level, partition, i)
}

// Subjects of the log.
func (n names) position(level int) string { return n.subject("log", "position", level) }
func (n names) naming(level, i int) string {
	return n.subject("log", "names", level, i)
}
func (n names) values(level, task, i int) string {
	return n.subject("log", "done", level, "values", task, i)
}
func (n names) done(level int, phase string, attempt, task int) string {
	return n.subject("log", "done", level, phase, attempt, task)
}
func (n names) doneOf(level int) string { return n.subject("log", "done", level, ">") }

// Phases of a level, as subjects have them.
const (
	expanding = "expand"
	merging   = "merge"
)

func marking(key string) string { return "mark" + key }

// Subjects that are not kept.
func (n names) hello() string { return n.subject("hello") }
func (n names) ended() string { return n.subject("ended") } // a task has

// configs returns the streams of a job.
func (n names) configs(replicas int) (list []jetstream.StreamConfig) {
	kept := func(kind, words string, replicas int) jetstream.StreamConfig {
		return jetstream.StreamConfig{
			Name: n.stream(kind), Subjects: []string{n.subject(words, ">")},
			Replicas: replicas, Storage: jetstream.FileStorage, MaxMsgsPerSubject: 1, Discard: jetstream.DiscardOld,
		}
	}
	work := kept("WORK", "work", replicas)
	work.Retention, work.MaxMsgsPerSubject = jetstream.WorkQueuePolicy, 0
	list = append(list, work, kept("LOG", "log", replicas))
	for i := range n.Streams {
		list = append(list,
			kept(fmt.Sprintf("BLOCKS_%d", i), fmt.Sprintf("block.%d", i), 1),
			kept(fmt.Sprintf("ROWS_%d", i), fmt.Sprintf("rows.%d", i), replicas))
	}
	return list
}
