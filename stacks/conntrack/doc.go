// Package conntrack passes segments through the connection tracking of the kernel that it
// runs on, so that the box of that name can be compared with the real one. The box is a
// network namespace that forwards between two TUN devices and drops what is invalid. It
// needs root.
package conntrack
