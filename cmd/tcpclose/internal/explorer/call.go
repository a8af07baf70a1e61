package explorer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"tcpclose/ask"
	"tcpclose/internal/lang"
)

// A Method is something that can be called.
type Method struct {
	Name    string
	Request any // its zero value
	Result  any
	Search  bool // it takes long, and tells its progress
	call    func(context.Context, *Engine, []byte, func(Progress)) (any, error)
}

// Methods is all that can be called.
var Methods = []Method{
	quick("catalogue", (*Engine).Catalogue),
	quick("scene", (*Engine).Scene),
	quick("import", (*Engine).Import),
	quick("export", (*Engine).Export),
	quick("parse", (*Engine).Parse),
	quick("claims", (*Engine).Claims),
	search("toward", (*Engine).Toward),
	search("check", (*Engine).Check),
	search("map", (*Engine).Map),
	search("distances", (*Engine).Distances),
	search("claim", (*Engine).Claim),
	search("lose", (*Engine).Lose),
	search("margin", (*Engine).Margin),
	search("fault", (*Engine).Fault),
	search("explain", (*Engine).Explain),
}

// quick returns the method of a function that answers at once.
func quick[Q, R any](name string, f func(*Engine, Q) (*R, error)) Method {
	var q Q
	var r R
	return Method{name, q, r, false, func(_ context.Context, e *Engine, text []byte, _ func(Progress)) (any, error) {
		var q Q
		if err := strictly(text, &q); err != nil {
			return nil, err
		}
		return f(e, q)
	}}
}

// search returns the method of a function that explores.
func search[Q, R any](name string, f func(*Engine, context.Context, Q, func(Progress)) (*R, error)) Method {
	var q Q
	var r R
	return Method{name, q, r, true, func(ctx context.Context, e *Engine, text []byte, progress func(Progress)) (any, error) {
		var q Q
		if err := strictly(text, &q); err != nil {
			return nil, err
		}
		return f(e, ctx, q, progress)
	}}
}

// Find returns the method of that name.
func Find(name string) (*Method, bool) {
	for i := range Methods {
		if Methods[i].Name == name {
			return &Methods[i], true
		}
	}
	return nil, false
}

// strictly reads a request, which has nothing that is not known.
func strictly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return lang.Errorf("the request is not one: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return lang.Errorf("the request has more behind its end")
	}
	return nil
}

// Call answers a request, which is JSON, with a result or an error. It sends progress
// before, as messages of their own.
func (e *Engine) Call(ctx context.Context, method string, request []byte, send func(Message)) {
	l := lang.English
	var in struct {
		Lang string `json:"lang"`
	}
	if json.Unmarshal(request, &in) == nil {
		if is, err := lang.Parse(in.Lang); err == nil {
			l = is
		}
	}
	m, ok := Find(method)
	if !ok {
		send(Message{Error: problem(lang.Errorf("%q is not a method of the explorer", method), l)})
		return
	}
	result, err := m.call(ctx, e, request, func(p Progress) { send(Message{Progress: &p}) })
	if err != nil {
		send(Message{Error: problem(err, l)})
		return
	}
	send(Message{Result: result})
}

// language returns the one of that name; "" is English.
func language(name string) (lang.Language, error) {
	if name == "" {
		return lang.English, nil
	}
	return lang.Parse(name)
}

// problem returns an error as the API has it.
func problem(err error, l lang.Language) *Problem {
	p := &Problem{Message: l.Reason(err)}
	if field, ok := errors.AsType[*fieldError](err); ok {
		p.Field, p.Message = field.field, l.Reason(field.error)
	}
	if wrong, ok := errors.AsType[*ask.Error](err); ok {
		p.Column, p.Message = wrong.Column, wrong.In(l)
	}
	return p
}
