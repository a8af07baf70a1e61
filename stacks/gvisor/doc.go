// Package gvisor is gVisor's netstack on the bench, in process and in virtual
// time.
package gvisor
