// Package external uses tcpclose as another module does. Its tests try what could go
// wrong without a word: each gives an error, or the right verdict.
package external
