package model

// An App is what the application at one side may do, and the room that its host
// gives it.
type App struct {
	Octets  uint8 // it writes 0 to Octets octets before it closes
	Close   CloseWhen
	Parting Parting
	Reads   ReadWhen
	Buffer  Window // octets that can wait to be read
	Fails   Failing
	Opens   OpensHow
}

// CloseWhen is when an application closes.
type CloseWhen uint8

const (
	CloseAnyTime   CloseWhen = iota // at any time, before or after the peer
	CloseAfterPeer                  // only when the peer has closed
	CloseNever
)

var closeNames = [...]string{"any-time", "after-peer", "never"}

func (c CloseWhen) String() string { return nameOf(closeNames[:], c) }

// ReadWhen is when an application reads what has arrived.
type ReadWhen uint8

const (
	ReadAtOnce ReadWhen = iota // whatever arrives, in the same instant
	ReadSlowly                 // an octet at a time, at any time
	ReadNever
)

var readNames = [...]string{"at-once", "slowly", "never"}

func (r ReadWhen) String() string { return nameOf(readNames[:], r) }

// Parting says what an application means by closing.
type Parting uint8

const (
	Half         Parting = iota // it has no more to send, and goes on reading
	ForGood                     // nor will it read: the connection is the host's affair
	HalfThenGood                // first the one, then at any time the other
)

var partingNames = [...]string{"half", "full", "half-then-full"}

func (p Parting) String() string { return nameOf(partingNames[:], p) }

// Failing is in what other way an application may leave its connection, at any
// time.
type Failing uint8

const (
	FailNever Failing = iota
	FailAbort         // it calls ABORT
	FailDie           // its process ends
	FailCrash         // its host crashes, and comes back without the connection
)

var failingNames = [...]string{"no", "abort", "die", "crash"}

func (f Failing) String() string { return nameOf(failingNames[:], f) }

// OpensHow is how an application opens a connection.
type OpensHow uint8

const (
	OpensActively  OpensHow = iota // it calls
	OpensPassively                 // it waits to be called
	OpensEither                    // the one, the other, or the one after the other
)

var opensNames = [...]string{"actively", "passively", "either"}

func (o OpensHow) String() string { return nameOf(opensNames[:], o) }
