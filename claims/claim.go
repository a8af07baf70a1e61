package claims

import "fmt"

// A Claim is something that the notes say and that can be true or false.
type Claim struct {
	ID      string
	Quote   string // the notes' own words
	English string
	// Said lists the statements that the claim makes in general. If one of them is
	// false, the claim does not hold as written.
	Said []Statement
	// Under lists the statements that remain under a condition, If.
	Under []Statement
	If    Text
	// Right is the sentence that would be right, and Shown what shows that it is.
	Right Text
	Shown []Statement
	// Why explains the verdict.
	Why Text
	// Turns is a change of the model, as the words of a configuration, with which
	// the verdict is another; or "".
	Turns string
}

// A Verdict is what becomes of a claim.
type Verdict uint8

const (
	Holds    Verdict = iota
	HoldsIf          // not as it stands, but under its condition
	Wrong            // neither
	NoChance         // nothing ever gave a statement an occasion
	Unknown          // not everything was explored
)

var verdictNames = [...]Text{
	{"holds", "成立"}, {"holds if", "有条件成立"}, {"wrong", "错误"}, {"vacuous", "空真"}, {"unknown", "未知"},
}

// In returns the verdict's name in a language.
func (v Verdict) In(l Language) string {
	if int(v) >= len(verdictNames) {
		return fmt.Sprintf("Verdict(%d)", uint8(v))
	}
	return verdictNames[v].In(l)
}

func (v Verdict) String() string { return v.In(English) }

// MarshalText returns the verdict's English name.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Claims lists all of them, in the order of the notes.
var Claims = concat(flow, reasons, states, losses, advice)

func concat(lists ...[]Claim) (all []Claim) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
