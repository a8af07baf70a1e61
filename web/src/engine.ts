// The engine answers requests: over HTTP where the command serves the page, and in
// workers where the page has the engine in it.
import type { Message, Problem, Progress, Methods } from "./api";
import { sayer, type Word } from "./words";

export class Failure extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

// failure returns what the page itself has to say of an answer that does not come.
const failure = (w: Word) => new Failure({ message: sayer(document.documentElement.lang === "zh" ? "zh" : "en")(w) });

export type Options = { progress?: (p: Progress) => void; signal?: AbortSignal };

interface Transport {
  call(method: string, request: string, search: boolean, o: Options): Promise<unknown>;
}

const searches = new Set(["toward", "check", "map", "distances", "explain", "claim", "lose", "margin", "fault"]);

// Served: each request is a POST, and its answer lines of JSON.
class Served implements Transport {
  async call(method: string, request: string, _search: boolean, o: Options) {
    const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body: request, signal: o.signal };
    const r = await fetch("api/" + method, asked).catch((e) => {
      throw o.signal?.aborted ? e : failure("lostServer");
    });
    if (!r.ok || !r.body) throw new Failure({ message: (await r.text()).trim() || String(r.status) });
    const reader = r.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read().catch((e) => {
        throw o.signal?.aborted ? e : failure("lostServer");
      });
      rest += value ?? "";
      const lines = rest.split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const answer = settle(JSON.parse(line), o);
        if (answer !== undefined) return answer;
      }
      if (done) throw failure("lostServer");
    }
  }
}

function settle(m: Message, o: Options): unknown {
  if (m.error) throw new Failure(m.error);
  if (m.progress) o.progress?.(m.progress);
  return m.result;
}

type Waiting = { resolve: (v: unknown) => void; reject: (e: unknown) => void; o: Options };

// A Hand is a worker with the engine. To cancel what it does is to end it.
class Hand {
  private worker?: Worker;
  private ready?: Promise<void>;
  private waiting = new Map<string, Waiting>();
  private last = 0;
  constructor(private source: Promise<{ script: string; module: WebAssembly.Module }>) {}

  start() {
    this.ready ??= this.source.then(
      ({ script, module }) =>
        new Promise<void>((resolve, reject) => {
          const glue = `${script}
onmessage = async (e) => {
  onmessage = null;
  const go = new Go();
  const instance = await WebAssembly.instantiate(e.data, go.importObject);
  await go.run(instance);
  postMessage({ id: "", gone: true });
};`;
          const url = URL.createObjectURL(new Blob([glue], { type: "text/javascript" }));
          this.worker = new Worker(url);
          URL.revokeObjectURL(url);
          this.worker.onerror = (e) => {
            e.preventDefault();
            const why = failure("stopped");
            reject(why);
            this.end(why);
          };
          this.worker.onmessage = (e) => {
            if (e.data.gone) return this.worker!.onerror!(new ErrorEvent("error"));
            if (e.data.id === "") return resolve();
            this.answer(e.data.id, JSON.parse(e.data.message));
          };
          this.worker.postMessage(module);
        }),
    );
    return this.ready;
  }

  private answer(id: string, m: Message) {
    const w = this.waiting.get(id);
    if (!w) return;
    try {
      const result = settle(m, w.o);
      if (result === undefined) return;
      this.waiting.delete(id);
      w.resolve(result);
    } catch (e) {
      this.waiting.delete(id);
      w.reject(e);
    }
  }

  end(why: unknown) {
    this.worker?.terminate();
    this.worker = this.ready = undefined;
    for (const w of this.waiting.values()) w.reject(why);
    this.waiting.clear();
  }

  async call(method: string, request: string, o: Options) {
    await this.start();
    return new Promise<unknown>((resolve, reject) => {
      const id = String(++this.last);
      this.waiting.set(id, { resolve, reject, o });
      o.signal?.addEventListener("abort", () => {
        if (this.waiting.has(id)) this.end(new DOMException("", "AbortError"));
      });
      this.worker!.postMessage({ id, method, request });
    });
  }
}

// Carried: the engine is in the page. One worker steps, another one searches, so that
// the page goes on while a search runs.
class Carried implements Transport {
  private steps: Hand;
  private search: Hand;
  constructor() {
    const source = this.load();
    this.steps = new Hand(source);
    this.search = new Hand(source);
  }
  private async load() {
    const text = document.getElementById("engine-wasm")!.textContent!.trim();
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const module = await WebAssembly.compile(await new Response(stream).arrayBuffer());
    return { script: document.getElementById("engine-js")!.textContent!, module };
  }
  call(method: string, request: string, search: boolean, o: Options) {
    return (search ? this.search : this.steps).call(method, request, o);
  }
}

export const carried = !!document.getElementById("engine-wasm");
const transport: Transport = carried ? new Carried() : new Served();

export function call<M extends keyof Methods>(method: M, request: Methods[M]["request"], o: Options = {}): Promise<Methods[M]["result"]> {
  return transport.call(method, JSON.stringify(request), searches.has(method), o) as Promise<Methods[M]["result"]>;
}
