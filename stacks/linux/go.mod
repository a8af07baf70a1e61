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

require go.yaml.in/yaml/v3 v3.0.5 // indirect

replace tcpclose => ../..

replace tcpclose/stacks/kernel => ../kernel
