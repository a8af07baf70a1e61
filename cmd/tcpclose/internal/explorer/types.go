package explorer

// A Setup is a configuration in words: a preset or profile, or a profile for each end,
// and the fields that differ.
type Setup struct {
	Base   string            `json:"base,omitempty"`
	A      string            `json:"a,omitempty"`
	B      string            `json:"b,omitempty"`
	Fields map[string]string `json:"fields,omitempty"`
	// Counted: runs are those of a network that counts what it does, as a margin's are.
	Counted bool `json:"counted,omitempty"`
}

// A Place is a state: the run to it, from the start of a configuration.
type Place struct {
	Setup Setup  `json:"setup"`
	Path  string `json:"path"`
	Lang  string `json:"lang,omitempty"`
}

// A CatalogueRequest asks for what can be chosen.
type CatalogueRequest struct {
	Lang string `json:"lang,omitempty"`
}

// A Catalogue is what can be chosen.
type Catalogue struct {
	Bases      []BaseInfo          `json:"bases"`
	Profiles   []string            `json:"profiles"` // for one end
	Fields     []FieldInfo         `json:"fields"`
	Properties []PropertyInfo      `json:"properties"`
	Terms      []TermInfo          `json:"terms"`
	Words      map[string][]string `json:"words"` // by kind
}

// A BaseInfo is a preset, or a profile for both ends.
type BaseInfo struct {
	Name     string `json:"name"`
	Sentence string `json:"sentence"`
	Profile  bool   `json:"profile"`
	Large    bool   `json:"large"`
}

// A FieldInfo is a field of a configuration.
type FieldInfo struct {
	Name    string   `json:"name"`
	Group   string   `json:"group"`
	Side    string   `json:"side"` // a, b, both, or "" if it is of the whole
	Meaning string   `json:"meaning"`
	Values  string   `json:"values"`
	Words   []string `json:"words"`
	Default string   `json:"default"`
}

// A PropertyInfo is a property or a witness.
type PropertyInfo struct {
	Name     string `json:"name"`
	Sentence string `json:"sentence"`
	Source   string `json:"source"`
	Kind     string `json:"kind"` // property, liveness, witness
}

// A TermInfo is a term of expressions.
type TermInfo struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Meaning string `json:"meaning"`
}

// A SceneRequest asks for all that is to be shown of a place.
type SceneRequest struct {
	Place
	// Full is the run of the ladder, of which Path is the beginning; "" is Path.
	Full string   `json:"full,omitempty"`
	Loop int      `json:"loop"` // where the run of the ladder repeats itself; -1 if it does not
	Ask  []string `json:"ask"`
	// Top and Bottom are the rows of the ladder that are wanted.
	Top    float64 `json:"top"`
	Bottom float64 `json:"bottom"`
}

// A Scene is all that is to be shown of a place.
type Scene struct {
	Setup      Setup          `json:"setup"` // in its shortest form
	Path       string         `json:"path"`
	Title      string         `json:"title"`
	Sentence   string         `json:"sentence"`
	Events     int            `json:"events"`
	Time       int            `json:"time"`
	Tick       string         `json:"tick"` // how long a tick is; "" if it has no length
	Ends       [2]EndInfo     `json:"ends"`
	Transit    []PacketInfo   `json:"transit"`
	Left       string         `json:"left"` // what the network may still do, where that is limited
	Box        *BoxInfo       `json:"box,omitempty"`
	Next       []Choice       `json:"next"`
	Ladder     Ladder         `json:"ladder"`
	Cursor     float64        `json:"cursor"` // the row of the last event of Path
	Properties []PropertyHere `json:"properties"`
	Answers    []Answer       `json:"answers"`
	Settings   []Setting      `json:"settings"`
	Way        [][2]string    `json:"way"` // the pairs of connection states so far
}

// A Setting is a field and its value.
type Setting struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Changed bool   `json:"changed"` // from the base
}

// An EndInfo is one end.
type EndInfo struct {
	State   string      `json:"state"`
	Numbers []NamedText `json:"numbers"`
	Timers  []Countdown `json:"timers"`
	Notes   []string    `json:"notes"`
}

// A BoxInfo is the box between the ends, and what it knows of the connection.
type BoxInfo struct {
	Name  string `json:"name"`
	State string `json:"state"` // as the box names it; "" if it has no entry
	Left  string `json:"left"`  // how long the entry lives on; "" if without end
}

// A NamedText is a name with a value.
type NamedText struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Countdown is a timer that runs.
type Countdown struct {
	Name  string `json:"name"`
	Ticks int    `json:"ticks"`
}

// A PacketInfo is a segment in transit.
type PacketInfo struct {
	From    string `json:"from"`
	Place   int    `json:"place"`
	Flights string `json:"flights"` // the numbers of those that it stands for
	Text    string `json:"text"`
	Age     int    `json:"age"`
	Copy    bool   `json:"copy"`
}

// A Choice is an event that can happen next.
type Choice struct {
	Token   string   `json:"token"` // what it adds to the path
	Actor   string   `json:"actor"` // a, b, network, time, box
	Kind    string   `json:"kind"`  // call, timeout, deliver, duplicate, lose, box, tick
	What    string   `json:"what"`  // the call, the timeout
	From    string   `json:"from"`  // whose segment
	Segment string   `json:"segment"`
	Flights string   `json:"flights"`
	Moves   []Move   `json:"moves"`
	Sends   string   `json:"sends"`
	Told    string   `json:"told"`
	Clauses []string `json:"clauses"`
	Elapsed int      `json:"elapsed"`
}

// A Move is a change of connection state.
type Move struct {
	Side string `json:"side"`
	From string `json:"from"`
	To   string `json:"to"`
}

// A Ladder is some rows of the run so far. A row is high enough for an event; ticks that
// follow each other share one.
type Ladder struct {
	Height  float64     `json:"height"`
	Start   [2]string   `json:"start"`
	Rows    []Row       `json:"rows"`
	Flights []FlightRow `json:"flights"`
	Timers  []TimerRow  `json:"timers"`
	Loop    float64     `json:"loop"` // where what is repeated begins; -1 if nothing is
}

// A Row is an event in the ladder.
type Row struct {
	Event   int          `json:"event"` // from 1; 0 is the start
	Y       float64      `json:"y"`
	Kind    string       `json:"kind"`
	Side    string       `json:"side"` // who moves
	What    string       `json:"what"`
	Moves   []Move       `json:"moves"`
	Told    string       `json:"told"`
	Nobody  bool         `json:"nobody"` // nobody is there to be told
	Time    int          `json:"time"`   // after it
	Box     []string     `json:"box"`    // what the box does, and its state then
	Clauses []ClauseInfo `json:"clauses"`
}

// A ClauseInfo is a rule that an event follows.
type ClauseInfo struct {
	Name     string `json:"name"`
	Source   string `json:"source"`
	Sentence string `json:"sentence"`
}

// A FlightRow is a segment in the ladder.
type FlightRow struct {
	Number  int       `json:"number"`
	From    string    `json:"from"`
	Text    string    `json:"text"`
	Sent    float64   `json:"sent"`
	Arrives []float64 `json:"arrives"`
	Lost    float64   `json:"lost"` // -1 if it is not
	Transit bool      `json:"transit"`
	Packet  string    `json:"packet"` // which packet has it at the place, as events name it; "" if none has
	Behind  bool      `json:"behind"`
}

// A TimerRow is the time for which a timer has run.
type TimerRow struct {
	Side  string  `json:"side"`
	Name  string  `json:"name"`
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Ticks int     `json:"ticks"`
	End   string  `json:"end"` // fired, restarted, cut short, running
	Lane  int     `json:"lane"`
}

// A PropertyHere is what the run so far says of a property. That it is not broken is no
// verdict.
type PropertyHere struct {
	Name     string `json:"name"`
	Sentence string `json:"sentence"`
	Broken   int    `json:"broken"` // the first event that breaks it, or shows the witness; -1 if none does
	Now      bool   `json:"now"`    // it is this one
	Reason   string `json:"reason"` // why it does not apply
	Witness  bool   `json:"witness"`
}

// An Answer is what an expression is at a place.
type Answer struct {
	Text  string     `json:"text"`
	True  bool       `json:"true"`
	Parts []PartHere `json:"parts"`
	Event bool       `json:"event"` // it is about what happens in a step: the last one
	Error *Problem   `json:"error,omitempty"`
}

// A PartHere is a conjunct of an expression.
type PartHere struct {
	Text   string      `json:"text"`
	True   bool        `json:"true"`
	Values []NamedText `json:"values"`
}

// A TowardRequest asks for the shortest run from a place to where an expression is true,
// or to what a property is about.
type TowardRequest struct {
	Place
	Expr     string `json:"expr"`
	Property string `json:"property"`
}

// A Toward is the shortest run on, or why there is none.
type Toward struct {
	Found      bool     `json:"found"`
	Steps      int      `json:"steps"`
	Path       string   `json:"path"` // the whole run
	States     int      `json:"states"`
	Incomplete []string `json:"incomplete"` // why it is not known that there is none
}

// A CheckRequest asks for verdicts.
type CheckRequest struct {
	Setup      Setup      `json:"setup"`
	Lang       string     `json:"lang,omitempty"`
	Kind       string     `json:"kind"`       // of the properties: property, liveness, witness; "" is property
	Properties []string   `json:"properties"` // by name; null: all of the kind, unless something is asked
	Ask        []Question `json:"ask"`
}

// A Question is an expression, and what is asked of it.
type Question struct {
	Kind string `json:"kind"` // seek, always, never, eventually
	Text string `json:"text"`
}

// A Checked is the outcome of a check.
type Checked struct {
	States     int       `json:"states"`
	Generated  int       `json:"generated"`
	Depth      int       `json:"depth"`
	Seconds    float64   `json:"seconds"`
	Incomplete []string  `json:"incomplete"`
	Findings   []Finding `json:"findings"`
}

// A Finding is the verdict on a property.
type Finding struct {
	Name     string   `json:"name"`
	Sentence string   `json:"sentence"`
	Verdict  string   `json:"verdict"` // in English, for programs
	Says     string   `json:"says"`
	Reason   string   `json:"reason"`
	Known    bool     `json:"known"` // the preset is known for it
	Why      string   `json:"why"`
	Change   string   `json:"change"` // by the fields that differ: worse, better, silenced; else ""
	Steps    int      `json:"steps"`
	Setup    *Setup   `json:"setup,omitempty"` // of the run
	Path     string   `json:"path"`
	Loop     int      `json:"loop"` // -1 if the run is not repeated
	Assumed  []string `json:"assumed"`
}

// A MapRequest asks for the pairs of connection states.
type MapRequest struct {
	Setup Setup  `json:"setup"`
	Lang  string `json:"lang,omitempty"`
}

// A Map is the reachable pairs of connection states, and the steps between them.
type Map struct {
	States     int        `json:"states"`
	Pairs      []PairInfo `json:"pairs"`
	Steps      []PairStep `json:"steps"`
	Incomplete []string   `json:"incomplete"`
}

// A PairInfo is a pair of connection states.
type PairInfo struct {
	A      string `json:"a"`
	B      string `json:"b"`
	States int    `json:"states"`
	Ends   int    `json:"ends"`  // of these, how many nothing leaves
	Steps  int    `json:"steps"` // events from the start to the nearest
}

// A DistancesRequest asks how far it is from a place.
type DistancesRequest struct {
	Place
	Ask []string `json:"ask"` // expressions
}

// A Distances is how far it is from a place.
type Distances struct {
	States     int        `json:"states"` // that are reached from there
	Pairs      []PairInfo `json:"pairs"`  // counted from there
	Ways       []Way      `json:"ways"`
	Incomplete []string   `json:"incomplete"` // why a way may be missing
	// PairsIncomplete is why a pair may be missing.
	PairsIncomplete []string `json:"pairsincomplete"`
}

// A Way is how far it is to a violation, or to where an expression is true.
type Way struct {
	Name     string `json:"name"` // of the property, or the expression
	Sentence string `json:"sentence"`
	Asked    bool   `json:"asked"`   // an expression
	Steps    int    `json:"steps"`   // the fewest events; -1 if there is no way
	Unknown  bool   `json:"unknown"` // not everything was explored
}

// A PairStep is the steps of one kind between two pairs.
type PairStep struct {
	From  [2]string `json:"from"`
	To    [2]string `json:"to"`
	Event string    `json:"event"`
	Steps int       `json:"steps"`
}

// An ImportRequest has a trace as JSON.
type ImportRequest struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"`
}

// An Imported is a trace as a place.
type Imported struct {
	Setup   Setup  `json:"setup"`
	Path    string `json:"path"`
	Loop    int    `json:"loop"`
	Departs string `json:"departs"` // where the model goes another way
}

// An ExplainRequest has a file: a capture, or a list of sockets.
type ExplainRequest struct {
	Data []byte `json:"data"`
	Lang string `json:"lang,omitempty"`
}

// An Explained is what a file shows.
type Explained struct {
	Text    string `json:"text"`
	Picture string `json:"picture"` // of the first connections, in SVG; "" if it is no capture
	Broken  string `json:"broken"`  // where it could not be read on
}

// A ParseRequest has an expression.
type ParseRequest struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"`
}

// A Parsed is what is wrong with an expression.
type Parsed struct {
	Error *Problem `json:"error,omitempty"`
}

// A ClaimsRequest asks for the claims of the notes.
type ClaimsRequest struct {
	Lang string `json:"lang,omitempty"`
}

// A ClaimList is the claims, and the profiles in which a loss can be examined.
type ClaimList struct {
	Claims   []ClaimInfo `json:"claims"`
	Profiles []string    `json:"profiles"`
	Faults   []FaultInfo `json:"faults"`
}

// A FaultInfo is a fault that can be planted in the model.
type FaultInfo struct {
	Name    string `json:"name"`
	Meaning string `json:"meaning"`
}

// A FaultRequest asks what catches a fault.
type FaultRequest struct {
	Name string `json:"name"`
	Lang string `json:"lang,omitempty"`
}

// A FaultCaught is the properties that a fault breaks, and that hold without it.
type FaultCaught struct {
	States   int      `json:"states"`
	Complete bool     `json:"complete"` // everything was explored
	Catches  []Caught `json:"catches"`
}

// A Caught is a property, and a run that breaks it.
type Caught struct {
	Name     string `json:"name"`
	Sentence string `json:"sentence"`
	Run      *Run   `json:"run,omitempty"`
}

// A MarginRequest asks how much the network has to do to break each property.
type MarginRequest struct {
	Setup Setup  `json:"setup"`
	Lang  string `json:"lang,omitempty"`
}

// A MarginTable is that of each property.
type MarginTable struct {
	States     int         `json:"states"`
	Rows       []MarginRow `json:"rows"`
	Incomplete []string    `json:"incomplete"`
}

// A MarginRow is the least number of faults of the network that violate a property: of all
// kinds together, and of each kind where the others are free.
type MarginRow struct {
	Name        string `json:"name"`
	Sentence    string `json:"sentence"`
	Verdict     string `json:"verdict"` // violated, or the numbers mean nothing
	Says        string `json:"says"`
	Total       int    `json:"total"`
	Losses      int    `json:"losses"`
	Copies      int    `json:"copies"`
	Overtakings int    `json:"overtakings"`
	AtMost      bool   `json:"atmost"`        // fewer may be enough: not everything was explored
	Run         *Run   `json:"run,omitempty"` // in which the network does the total
}

// A ClaimInfo is a claim of the notes.
type ClaimInfo struct {
	ID      string `json:"id"`
	Quote   string `json:"quote"`
	English string `json:"english"`
}

// A ClaimRequest asks for the verdict on a claim.
type ClaimRequest struct {
	ID   string `json:"id"`
	Lang string `json:"lang,omitempty"`
}

// A ClaimVerdict is the verdict on a claim, and what shows it.
type ClaimVerdict struct {
	ID         string     `json:"id"`
	Verdict    string     `json:"verdict"` // in English, for programs
	Says       string     `json:"says"`
	If         string     `json:"if"`
	Right      string     `json:"right"`
	RightShown bool       `json:"rightshown"`
	Why        string     `json:"why"`
	Evidence   []Evidence `json:"evidence"`
}

// An Evidence is a statement that was checked.
type Evidence struct {
	Part      string `json:"part"` // said, under, shown
	Says      string `json:"says"`
	Truth     string `json:"truth"`
	TruthSays string `json:"truthsays"`
	Found     string `json:"found"`
	Run       *Run   `json:"run,omitempty"`
}

// A Run can be stepped through.
type Run struct {
	Name   string `json:"name"` // run, shortest, longest, endless
	Setup  Setup  `json:"setup"`
	Path   string `json:"path"`
	Loop   int    `json:"loop"`
	Events int    `json:"events"`
}

// A LoseRequest asks what follows when a segment of a close is lost.
type LoseRequest struct {
	Segment int    `json:"segment"` // 1 to 4
	Always  bool   `json:"always"`
	Profile string `json:"profile"`
	Lang    string `json:"lang,omitempty"`
}

// A Lost is what follows.
type Lost struct {
	Always     bool         `json:"always"`
	Says       string       `json:"says"`
	Profile    string       `json:"profile"`
	Spans      []LostSpan   `json:"spans"`
	Endings    []LostEnding `json:"endings"`
	Incomplete []string     `json:"incomplete"`
}

// A LostSpan is how long something takes.
type LostSpan struct {
	Says     string      `json:"says"`
	Begins   bool        `json:"begins"`
	Endless  bool        `json:"endless"` // there is no longest
	Least    string      `json:"least"`
	Greatest string      `json:"greatest"`
	Timers   [2][]string `json:"timers"` // that fire, in the shortest and the longest
	Runs     []Run       `json:"runs"`
}

// A LostEnding is how the connection can end for the two applications.
type LostEnding struct {
	A      string `json:"a"`
	B      string `json:"b"`
	Caused bool   `json:"caused"` // it cannot end so without the loss
}

// An ExportRequest asks for a run in a form.
type ExportRequest struct {
	Place
	Loop   int    `json:"loop"`
	Format string `json:"format"` // json, svg, mermaid, ladder, text, pcap, packetdrill
	Side   string `json:"side"`   // whose end a pcap or a script is about
}

// An Exported is a run in a form; a binary one is in base64.
type Exported struct {
	Name   string `json:"name"` // for a file
	Text   string `json:"text"`
	Binary bool   `json:"binary"`
}

// A Progress is how far a search is.
type Progress struct {
	States  int     `json:"states"`
	Depth   int     `json:"depth"`
	Memory  int64   `json:"memory"`
	Seconds float64 `json:"seconds"`
}

// A Problem is what is wrong with a request.
type Problem struct {
	Message string `json:"message"`
	Field   string `json:"field,omitempty"`  // of the configuration
	Column  int    `json:"column,omitempty"` // of an expression, from 1
}

// A Message is a line of an answer: progress, and at last a result or an error.
type Message struct {
	Progress *Progress `json:"progress,omitempty"`
	Result   any       `json:"result,omitempty"`
	Error    *Problem  `json:"error,omitempty"`
}
