module external

go 1.26.0

require (
	pgregory.net/rapid v1.3.0
	tcpclose v0.0.0
)

require (
	github.com/expr-lang/expr v1.17.8 // indirect
	github.com/gopacket/gopacket v1.7.7 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	golang.org/x/net v0.55.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace tcpclose => ../
