package explain

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"tcpclose/capture"
	"tcpclose/capture/ends"
)

// A Form is a form of output.
type Form uint8

// The forms: sentences, a JSON object a line, comma-separated values, a picture.
const (
	Text Form = iota
	JSON
	CSV
	SVG
)

// A record is a connection, as JSON and CSV have it. Lists of two are of the client and
// the server; times are in seconds from the first frame; a frame 0 is none.
type record struct {
	Client    string         `json:"client"`
	Server    string         `json:"server"`
	Began     string         `json:"began"`
	Seconds   float64        `json:"seconds"`
	Handshake bool           `json:"handshake"`
	Kind      string         `json:"kind"`
	First     string         `json:"first"`
	Segments  [2]int         `json:"segments"`
	Octets    [2]int64       `json:"octets"`
	Unseen    [2]int64       `json:"unseen"`
	Again     [2]int         `json:"again"`
	Overtaken [2]int         `json:"overtaken"`
	Fins      map[string]fin `json:"fins"`
	Resets    []reset        `json:"resets"`
	Given     string         `json:"given"`
	Ends      *account       `json:"observed,omitempty"` // not in CSV
}

type fin struct {
	Frame int     `json:"frame"`
	At    float64 `json:"at"`
	Sent  int     `json:"sent"`
	Acked int     `json:"acked"` // a frame
}

type reset struct {
	From   string  `json:"from"`
	Frame  int     `json:"frame"`
	At     float64 `json:"at"`
	Answer string  `json:"answers"`
}

// begin writes what comes before the records.
func (t *Teller) begin() error {
	if t.Form != CSV {
		return nil
	}
	t.table = csv.NewWriter(t.Out)
	return t.table.Write(columns())
}

// end writes what is left to be written.
func (t *Teller) end() error {
	switch {
	case t.Form == SVG:
		return t.pictures().write()
	case t.table == nil:
		return nil
	}
	t.table.Flush()
	return t.table.Error()
}

// record writes a connection.
func (t *Teller) record(c *capture.Connection, observe func() *ends.Explanation) {
	r := recordOf(c)
	if t.Form == CSV {
		t.table.Write(r.row()) // its error comes with the end
		return
	}
	r.Ends = accountOf(c, observe())
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // of a struct of plain fields
	}
	fmt.Fprintf(t.Out, "%s\n", text)
}

func recordOf(c *capture.Connection) record {
	y := &c.Story
	r := record{
		Client: c.Addrs[capture.Client].String(), Server: c.Addrs[capture.Server].String(),
		Began: c.Began.UTC().Format("2006-01-02T15:04:05.000000Z"), Seconds: y.Last.Seconds(), Handshake: c.Shaken,
		Kind: y.Kind.String(), First: y.First.String(), Segments: c.Segments, Octets: c.Octets, Unseen: y.Unseen,
		Again: y.Again, Overtaken: y.Overtaken, Fins: map[string]fin{}, Resets: []reset{}, Given: c.Cause.String(),
	}
	for _, side := range capture.Sides {
		if f := y.Fins[side]; f.Frame > 0 {
			r.Fins[side.String()] = fin{f.Frame, f.At.Seconds(), f.Sent, f.Acked}
		}
	}
	for _, x := range y.Resets {
		r.Resets = append(r.Resets, reset{x.From.String(), x.Frame, x.At.Seconds(), x.After.String()})
	}
	return r
}

// columns returns the names of the columns of CSV: those of JSON, with the side where
// there are two.
func columns() (names []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[record]()) {
		name := f.Tag.Get("json")
		switch {
		case name == "fins":
			for _, side := range capture.Sides {
				names = append(names, "fin_"+side.String(), "fin_sent_"+side.String(), "fin_acked_"+side.String())
			}
		case name == "resets":
			for _, side := range capture.Sides {
				names = append(names, "rst_"+side.String(), "rst_answers_"+side.String())
			}
		case f.Type.Kind() == reflect.Pointer:
		case f.Type.Kind() == reflect.Array:
			for _, side := range capture.Sides {
				names = append(names, name+"_"+side.String())
			}
		default:
			names = append(names, name)
		}
	}
	return names
}

// row returns the record as CSV has it.
func (r *record) row() (cells []string) {
	v := reflect.ValueOf(r).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		switch {
		case f.Kind() == reflect.Pointer:
		case f.Kind() == reflect.Array:
			cells = append(cells, fmt.Sprint(f.Index(0)), fmt.Sprint(f.Index(1)))
		case f.Kind() == reflect.Map:
			for _, side := range capture.Sides {
				x := r.Fins[side.String()]
				cells = append(cells, fmt.Sprint(x.Frame), fmt.Sprint(x.Sent), fmt.Sprint(x.Acked))
			}
		case f.Kind() == reflect.Slice:
			for _, side := range capture.Sides {
				x := reset{}
				for _, y := range r.Resets {
					if y.From == side.String() {
						x = y
					}
				}
				cells = append(cells, fmt.Sprint(x.Frame), x.Answer)
			}
		case f.Kind() == reflect.Float64:
			cells = append(cells, strconv.FormatFloat(f.Float(), 'f', -1, 64))
		default:
			cells = append(cells, fmt.Sprint(f))
		}
	}
	return cells
}
