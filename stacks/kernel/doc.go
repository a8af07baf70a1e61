// Package kernel is the running Linux kernel on the bench: in a network namespace
// of its own, with a TUN device at whose other end the peer is played. It needs
// root, and its time is real.
//
// Facts shows what the kernel does at points that matter to the profile linux.
package kernel
