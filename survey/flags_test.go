package survey

import "flag"

var rewrite = flag.Bool("rewrite", false, "write the files that tests make anew")

var largePresets = flag.Bool("large-presets", false, "judge large presets, too")
