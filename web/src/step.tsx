import { useState } from "preact/hooks";
import type { Catalogue, Scene, Choice, EndInfo, Toward } from "./api";
import { call } from "./engine";
import { Expression } from "./expression";
import { Ladder, short } from "./ladder";
import { png } from "./png";
import { events, sayer, type Lang, type Word } from "./words";
import { tokens, write, type Place } from "./place";
import { Search, useSearch } from "./search";

export type Shared = {
  place: Place;
  scene: Scene;
  go: (change: Partial<Place>) => void;
  choose: (c: Choice) => void;
  view: (top: number, bottom: number) => void;
  open: (file: File) => void;
  catalogue?: Catalogue;
};

const actors = ["a", "b", "network", "time", "box"] as const;

function End({ side, end, lang }: { side: string; end: EndInfo; lang: Lang }) {
  const say = sayer(lang);
  return (
    <section class={`card end ${side}`} aria-label={`${say("userOf")} ${side}: ${end.state}`}>
      <h3>
        <span class="side">{side}</span> <span class="name" data-state={side}>{end.state}</span>
      </h3>
      {end.numbers.length > 0 && (
        <dl>
          {end.numbers.map((n) => (
            <div key={n.name}><dt>{n.name}</dt><dd>{n.value}</dd></div>
          ))}
        </dl>
      )}
      {end.timers.map((t) => (
        <p class="countdown" key={t.name}>{t.name}: {t.ticks} {say("ticks")}</p>
      ))}
      {end.notes.map((n) => <p class="note" key={n}>{n}</p>)}
    </section>
  );
}

export function label(c: Choice, lang: Lang): string {
  const say = sayer(lang);
  if (c.kind === "call" || c.kind === "timeout" || c.kind === "box") return c.what;
  if (c.kind === "tick") return say("tick");
  return `${say(c.kind as Word)} ${c.flights ? c.flights + ". " : ""}${short(c.segment)}`;
}

function effect(c: Choice, lang: Lang): string {
  const say = sayer(lang);
  const parts = c.moves.map((m) => `${m.side}: ${m.from} → ${m.to}`);
  if (c.sends) parts.push(`${say("sends")} ${short(c.sends)}`);
  if (c.told) parts.push(`${say("told")}: ${c.told}`);
  if (c.elapsed > 1) parts.push(`${c.elapsed} ${say("ticks")}`);
  return parts.join("; ") || c.clauses[0] || "";
}

export function Next({ place, scene, choose }: Shared) {
  const say = sayer(place.lang);
  const head = (actor: string) => (actor === "a" || actor === "b" ? `${say("userOf")} ${actor}` : say(actor as Word));
  return (
    <section class="next" id="next" tabIndex={-1} aria-labelledby="next-title">
      <h2 id="next-title">{say("next")}</h2>
      {scene.next.length === 0 && <p>{say("nothing")}</p>}
      {actors.map((actor) => {
        const list = scene.next.filter((c) => c.actor === actor);
        if (list.length === 0) return null;
        return (
          <div class={`group ${actor}`} role="group" aria-label={head(actor)} key={actor}>
            <h3>{head(actor)}</h3>
            {list.map((c) => {
              const n = scene.next.indexOf(c) + 1;
              return (
                <button class="choice" key={c.token} data-token={c.token} onClick={() => choose(c)} title={c.clauses.join("\n")}>
                  <span class="what">{label(c, place.lang)}</span>
                  {n < 10 && <kbd aria-hidden="true">{n}</kbd>}
                  <span class="effect">{effect(c, place.lang)}</span>
                </button>
              );
            })}
          </div>
        );
      })}
    </section>
  );
}

// Take asks for the shortest run on, and goes there.
export function Take({ shared, expr, property, name }: { shared: Shared; expr?: string; property?: string; name: string }) {
  const { place, go } = shared;
  const say = sayer(place.lang);
  const search = useSearch<Toward>();
  if (place.setup.counted) return null; // a search has a network that does not count
  const path = tokens(place.path).slice(0, place.at).join("");
  const ask = async () => {
    const r = await search.run((o) => call("toward", { setup: place.setup, path, lang: place.lang, expr: expr ?? "", property: property ?? "" }, o));
    if (r?.found) go({ path: r.path, at: tokens(r.path).length, loop: -1 });
  };
  const r = search.result;
  return (
    <span class="take">
      <button class="small" onClick={ask} disabled={search.busy} aria-label={`${say("take")}: ${name}`}>{say("take")}</button>
      <Search search={search} lang={place.lang} />
      {r && !search.busy && (
        <span role="status">
          {r.found ? `${events(r.steps, place.lang)} ${say("taken")}` : r.incomplete.length ? `${say("unknown")}: ${r.incomplete.join(", ")}` : say("none")}
        </span>
      )}
    </span>
  );
}

export function Expressions(shared: Shared) {
  const { place, scene, go } = shared;
  const say = sayer(place.lang);
  const [text, setText] = useState("");
  const add = (e: Event) => {
    e.preventDefault();
    if (text.trim() && !place.ask.includes(text.trim())) go({ ask: [...place.ask, text.trim()] });
    setText("");
  };
  return (
    <section class="card" aria-label={say("expressions")}>
      <h2>{say("expressions")}</h2>
      <form class="row" onSubmit={add}>
        <Expression label={say("expression")} value={text} lang={place.lang} catalogue={shared.catalogue} set={setText} placeholder="a.state == TIME_WAIT && b.rtx > 0" />
        <button>{say("add")}</button>
      </form>
      <ul class="answers">
        {scene.answers.map((a) => (
          <li key={a.text}>
            <p>
              <strong class={a.true ? "yes" : "no"}>{a.error ? "!" : a.true ? say("yes") : say("no")}</strong> <code>{a.text}</code>{" "}
              {a.event && <small>{say("stepOnly")}</small>}
            </p>
            {a.error && <p role="alert">{a.error.column ? `${a.error.column}: ` : ""}{a.error.message}</p>}
            {!a.error && (
              <ul class="parts">
                {a.parts.map((p) => (
                  <li key={p.text} class={p.true ? "yes" : "no"}>
                    <span aria-hidden="true">{p.true ? "✓" : "✗"}</span> <code>{p.text}</code> <span class="values">{p.values.map((v) => `${v.name} = ${v.value}`).join(", ")}</span>
                    <span class="sr"> {p.true ? say("yes") : say("no")}</span>
                  </li>
                ))}
              </ul>
            )}
            {!a.error && <Take shared={shared} expr={a.text} name={a.text} />}
            <button class="small" onClick={() => go({ ask: place.ask.filter((t) => t !== a.text) })} aria-label={`${say("remove")}: ${a.text}`}>{say("remove")}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Properties(shared: Shared) {
  const { place, scene } = shared;
  const say = sayer(place.lang);
  const [all, setAll] = useState(false); // a long list: it is drawn when it is wanted
  const broken = scene.properties.filter((p) => !p.witness && p.broken >= 0);
  return (
    <section class="card" aria-label={say("properties")}>
      <h2>{say("properties")}</h2>
      <div aria-live="polite">
        {broken.length === 0 && <p>{say("noneBroken")}</p>}
        {broken.map((p) => (
          <p key={p.name} class="broken" data-broken={p.name}>
            <strong>{p.name}</strong>: {say("broken")} {p.broken}. {p.sentence}
          </p>
        ))}
      </div>
      <details onToggle={(e) => setAll(e.currentTarget.open)}>
        <summary>{say("allProperties")}</summary>
        {all && <ul class="properties">
          {scene.properties.map((p) => (
            <li key={p.name}>
              <strong>{p.name}</strong>{" "}
              <small>{p.reason ? `${say("notHere")}: ${p.reason}` : p.broken < 0 ? say("never") : `${say(p.witness ? "shown" : "broken")} ${p.broken}`}</small>
              <br />
              {p.sentence} {!p.reason && <Take shared={shared} property={p.name} name={p.name} />}
            </li>
          ))}
        </ul>}
      </details>
    </section>
  );
}

function Share({ place, open }: Shared) {
  const say = sayer(place.lang);
  const [says, setSays] = useState("");
  const save = async (format: string, side: string) => {
    try {
      const x = await call("export", { setup: place.setup, path: place.path, lang: place.lang, loop: place.loop, format: format === "png" ? "svg" : format, side });
      const bytes = x.binary ? Uint8Array.from(atob(x.text), (c) => c.charCodeAt(0)) : x.text;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(format === "png" ? await png(x.text) : new Blob([bytes as BlobPart]));
      link.download = format === "png" ? "trace.png" : x.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      setSays("");
    } catch (e) {
      setSays((e as Error).message);
    }
  };
  return (
    <section class="card" aria-label={say("share")}>
      <h2>{say("share")}</h2>
      <div class="row">
        <button onClick={() => { const address = location.href.replace(/#.*/, "") + write(place); navigator.clipboard.writeText(address).then(() => setSays(say("copied")), () => setSays(address)); }}>{say("link")}</button>
        <label class="file">
          {say("open")}
          <input type="file" onChange={(e) => { const f = e.currentTarget.files?.[0]; if (f) open(f); e.currentTarget.value = ""; }} />
        </label>
      </div>
      <div class="row" role="group" aria-label={say("save")}>
        <span>{say("save")}</span>
        {["json", "svg", "png", "mermaid", "ladder"].map((f) => <button class="small" key={f} onClick={() => save(f, "a")}>{f}</button>)}
      </div>
      {(["a", "b"] as const).map((side) => (
        <div class="row" role="group" key={side} aria-label={say(side === "a" ? "seenByA" : "seenByB")}>
          <span>{say(side === "a" ? "seenByA" : "seenByB")}</span>
          {["pcap", "packetdrill"].map((f) => <button class="small" key={f} onClick={() => save(f, side)}>{f}</button>)}
        </div>
      ))}
      <p role="status">{says}</p>
    </section>
  );
}

export function Step(shared: Shared) {
  const { place, scene, go, view } = shared;
  const say = sayer(place.lang);
  const list = tokens(place.path);
  const last = scene.ladder.rows.find((r) => r.event === place.at);
  const loop = () => {
    const again = list.slice(place.loop);
    go({ path: place.path + again.join(""), at: list.length + again.length, loop: place.loop });
  };
  return (
    <div class="step">
      <div class="left">
        <div class="bar" role="toolbar" aria-label={say("step")}>
          <button onClick={() => go({ at: 0 })} disabled={place.at === 0} aria-label={say("start")}>|←</button>
          <button onClick={() => go({ at: place.at - 1 })} disabled={place.at === 0}>← {say("undo")}</button>
          <button onClick={() => go({ at: place.at + 1 })} disabled={place.at >= list.length}>{say("redo")} →</button>
          <button onClick={() => go({ at: list.length })} disabled={place.at >= list.length} aria-label={say("end")}>→|</button>
          <span class="count" role="status">{say("event")} <b id="at">{place.at}</b>/{list.length}, {say("time")} {scene.time}</span>
        </div>
        <Ladder data={scene.ladder} at={place.at} cursor={scene.cursor} lang={place.lang} onView={view} onEvent={(at) => go({ at: Math.min(at, list.length) })} boxed={!!scene.box} next={scene.next} choose={shared.choose} />
        {place.loop >= 0 && (
          <p class="loopsays">
            {place.loop < list.length ? say("loopSays") : say("rests")} {place.loop < list.length && <button onClick={loop}>{say("loop")}</button>}
          </p>
        )}
        {last && last.clauses.length > 0 && (
          <details class="card" open>
            <summary>{say("clauses")}</summary>
            <ul>{last.clauses.map((c) => <li key={c.name}>{c.sentence} <cite>{c.source}</cite></li>)}</ul>
          </details>
        )}
        <p class="keys">{say("keys")}</p>
      </div>
      <div class="right">
        <div class="ends">
          <End side="a" end={scene.ends[0]} lang={place.lang} />
          <End side="b" end={scene.ends[1]} lang={place.lang} />
        </div>
        {scene.box && (
          <section class="card" aria-label={say("box")}>
            <h2>{say("box")} <code>{scene.box.name}</code></h2>
            {scene.box.state ? <p><b data-state="box">{scene.box.state}</b> {scene.box.left ? `${say("entryLeft")} ${scene.box.left}` : ""}</p> : <p>{say("noEntry")}</p>}
            <p><small>{say("boxSays")}</small></p>
          </section>
        )}
        <section class="card transit" aria-label={say("transit")}>
          <h2>{say("transit")}</h2>
          {scene.transit.length === 0 ? <p>{say("empty")}</p> : (
            <ul>
              {scene.transit.map((p) => (
                <li key={p.from + p.place}>
                  <span aria-hidden="true">{p.from === "a" ? "a →" : "← b"}</span><span class="sr">{p.from}</span> {p.flights}. <code>{p.text}</code> {p.copy && <small>{say("copy")}</small>}
                </li>
              ))}
            </ul>
          )}
          {scene.left && <p><small>{scene.left}</small></p>}
        </section>
        {place.setup.counted && (
          <p class="card">
            {say("countedSays")}{" "}
            <button class="small" onClick={() => { const { counted, ...setup } = place.setup; go({ setup, path: "", at: 0, loop: -1 }); }}>{say("afresh")}</button>
          </p>
        )}
        <Next {...shared} />
        <Properties {...shared} />
        <Expressions {...shared} />
        <Share {...shared} />
      </div>
    </div>
  );
}
