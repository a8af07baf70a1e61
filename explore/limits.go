package explore

// Limits are where a search stops although there is more to see. A zero field
// sets no limit. A limit is never part of the system: a search that meets one
// has not seen everything.
type Limits struct {
	States int // distinct states; a level that would pass it is checked but not kept
	Depth  int // steps from an initial state
}

// Progress is how far a search has come.
type Progress struct {
	Distinct  int     // states found so far
	Generated int     // steps taken so far
	Depth     int     // levels finished
	Frontier  int     // states of the level being expanded
	Expanded  int     // of these, how many have been
	Memory    int64   // bytes that the process takes
	Load      float64 // share of the table that is taken
}
