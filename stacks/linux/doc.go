// Package linux runs Debian's Linux kernels in virtual time, as stacks of the bench.
//
// A kernel runs in QEMU without hardware acceleration. QEMU counts the guest's
// instructions and makes them its clock; while the guest has nothing to do, the clock
// goes to the next timer at once. So a TIME-WAIT of a minute takes milliseconds, and
// needs neither root nor a TUN device of the host.
//
// The guest has one program: package kernel behind the line protocol, on its second
// serial line. A schedule is a network namespace of its own there.
package linux
