module tcpclose/stacks/kernel

go 1.26.0

require (
	golang.org/x/sys v0.49.0
	tcpclose v0.0.0
)

replace tcpclose => ../..
