// Package prose checks the English and the Chinese of this module.
//
// It reads README, docs, Go comments, Go string literals and the comments of
// test scripts as passages of prose, and reports banned phrases with what to
// write instead. The phrases are in banned.txt and in the columns "not" of
// docs/glossary.md. Phrases that are still in use are counted in allowed.txt;
// the counts may only fall.
//
//	go test ./internal/prose                             # check
//	go test ./internal/prose -run Banned -v -find docs   # list what is found in docs
//	go test ./internal/prose -run Banned -rewrite        # lower the counts
//	go test ./internal/prose -run Draw -v -seed 7        # draw ten paragraphs to review
package prose
