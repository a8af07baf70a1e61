// Package trace contains runs of two endpoints and shows them: as a time-space ladder in the
// manner of RFC 9293's figures, as SVG, as a Mermaid sequence diagram, as JSON
// that can be replayed, and as the packet capture that one end would see.
//
// All views are of one [Story]: the run, and what the model's states do not tell,
// because they need not know: which sending a segment comes from, what became of
// it, and since when a timer has run.
package trace
