// Package capture reads captures of TCP, and tells for each connection what the frames
// alone show of its end: who closed first, how, what came again and what is missing.
//
// A Reader reads frames of pcap and pcapng files, packed by gzip or not. A Decoder finds
// the TCP segments in them. A Table sorts segments into connections as they come, with
// bounded memory, and gives each as soon as it has ended. All numbers of a Connection
// are relative to the initial ones, and do not wrap.
package capture
