package survey

import "flag"

var rewrite = flag.Bool("rewrite", false, "rewrite the files that tests make")
