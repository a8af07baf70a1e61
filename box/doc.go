// Package box has what stands between two ends and follows their connection: connection
// tracking, address translation, firewalls and balancers. A box is data, a text that says
// which states it keeps, what each kind of segment does to them, which numbers it compares
// and when it forgets. The package knows nothing of ends or of searches.
//
// [Read] reads the text, [Find] returns a box that is built in, [Box.Table] gives the box
// ticks, and [Table.Arrives] says what it does with a segment.
package box
