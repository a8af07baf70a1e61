package trace_test

import "flag"

var rewrite = flag.Bool("rewrite", false, "write the files that tests make anew")
