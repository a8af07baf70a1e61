//go:build js && wasm

// Command wasm is the engine of the explorer in a worker of the browser. It answers as
// the server does, by messages: it takes {id, method, request} and posts {id, message}.
package main

import (
	"context"
	"encoding/json"
	"runtime/debug"
	"syscall/js"

	"tcpclose/cmd/tcpclose/internal/explorer"
)

// maxMemory limits what a search may take: the browser lives in the same machine.
const maxMemory = 1600 << 20

func main() {
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(maxMemory / 4 * 3)
	engine := explorer.NewEngine(explorer.Limits{Memory: maxMemory, Workers: 1})
	requests := make(chan [3]string, 64)
	self := js.Global()
	self.Set("onmessage", js.FuncOf(func(_ js.Value, args []js.Value) any {
		data := args[0].Get("data")
		requests <- [3]string{data.Get("id").String(), data.Get("method").String(), data.Get("request").String()}
		return nil
	}))
	post := func(id string, m explorer.Message) {
		text, err := json.Marshal(m)
		if err != nil {
			text = []byte(`{"error":{"message":"an error of this program"}}`)
		}
		message := js.Global().Get("Object").New()
		message.Set("id", id)
		message.Set("message", string(text))
		self.Call("postMessage", message)
	}
	post("", explorer.Message{Result: "ready"})
	for r := range requests {
		engine.Call(context.Background(), r[1], []byte(r[2]), func(m explorer.Message) { post(r[0], m) })
	}
}
