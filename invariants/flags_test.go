package invariants

import "flag"

var rewrite = flag.Bool("rewrite", false, "write the files in testdata anew")
