// Package wire is TCP segments as real stacks send them: with the numbers of a
// connection, and in IPv4 packets.
//
// A Segment has numbers that count from the initial ones: the SYN is 0, the first
// octet 1. A Link puts the peer's segments into packets, and reads those of the
// stack. Which octet text has follows from its number, so that text that is
// delivered or sent with wrong octets is found out.
package wire
