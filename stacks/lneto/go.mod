module tcpclose/stacks/lneto

go 1.26.0

require tcpclose v0.0.0

require github.com/soypat/lneto v0.1.0

replace tcpclose => ../..
