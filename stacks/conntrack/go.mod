module tcpclose/stacks/conntrack

go 1.26.0

require (
	github.com/google/nftables v0.3.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/sys v0.49.0
	pgregory.net/rapid v1.3.0
	tcpclose v0.0.0
)

require (
	github.com/expr-lang/expr v1.17.8 // indirect
	github.com/google/go-cmp v0.6.0 // indirect
	github.com/gopacket/gopacket v1.7.7 // indirect
	github.com/mdlayher/netlink v1.7.3-0.20250113171957-fbb4dce95f42 // indirect
	github.com/mdlayher/socket v0.5.0 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/net v0.55.0 // indirect
	golang.org/x/sync v0.6.0 // indirect
)

replace tcpclose => ../..
