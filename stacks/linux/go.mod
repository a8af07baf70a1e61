module tcpclose/stacks/linux

go 1.26.0

require (
	github.com/cavaliergopher/cpio v1.0.1
	github.com/stretchr/testify v1.12.1
	github.com/ulikunitz/xz v0.5.17
	golang.org/x/sys v0.49.0
	tcpclose v0.0.0
	tcpclose/stacks/kernel v0.0.0
)

require (
	github.com/expr-lang/expr v1.17.8 // indirect
	github.com/gopacket/gopacket v1.7.7 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/net v0.55.0 // indirect
)

replace tcpclose => ../..

replace tcpclose/stacks/kernel => ../kernel
