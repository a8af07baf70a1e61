package cli

// A Group is a subject of flags.
type Group string

// The groups, as help shows them.
const (
	Question  Group = "question"
	Ends      Group = "ends"
	Network   Group = "network"
	Timers    Group = "timers"
	Decisions Group = "decisions"
	Limits    Group = "limits"
	Output    Group = "output"
)

// Groups is the groups in order, with their titles.
var Groups = []struct {
	Group Group
	Title string
}{
	{Question, "The question"},
	{Ends, "The two ends, a and b"},
	{Network, "The network between them"},
	{Timers, "Time and timers"},
	{Decisions, "Decisions: where readings of the RFCs, or stacks, differ; and faults"},
	{Limits, "Limits of the exploration"},
	{Output, "Output"},
}
