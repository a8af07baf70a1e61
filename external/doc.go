// Package external uses tcpclose as another module does. Its tests try what could fail
// silently: each gives an error, or the right verdict.
package external
