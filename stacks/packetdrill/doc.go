// Package packetdrill reads packetdrill scripts as schedules of the bench, and compares
// what a stack does with what the script expects. Time is the stack's: in virtual time
// a script of a minute takes milliseconds.
//
// It knows the part of the language that opening, closing and resets need: segments,
// socket calls on one connection, preprocessor conditions, and assertions of the state.
// What a script needs besides makes it unread, with the line and the reason; what
// cannot matter here, as sysctls, is listed.
//
// Of a segment the stack sends, control bits but PSH, numbers and length are compared,
// and the time it is sent. Windows and options are not: they are the stack's own.
package packetdrill
