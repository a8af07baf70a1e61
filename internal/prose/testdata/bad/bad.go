package bad

//go:generate echo forever

// turnsBack is what runs for
// ever.
//
//	forever, in an example
func turnsBack(ear, year int) string { // for ever, after code
	for ever := range 3 {
		_ = ever
	}
	return "it runs for ever" + `a usage

that runs for ever` + "关闭, 然后"
	/* and this comes
	   about */
	// Output:
	// forever
}
