import { useState } from "preact/hooks";
import type { Catalogue, Checked, FieldInfo, Finding, MarginTable, Setup } from "./api";
import { call } from "./engine";
import { Expression } from "./expression";
import { OpenRun } from "./notes";
import { events, sayer } from "./words";
import { tokens } from "./place";
import { Search, useSearch } from "./search";
import type { Shared } from "./step";

function Field({ field, value, changed, set }: { field: FieldInfo; value: string; changed: boolean; set: (v: string) => void }) {
  const id = "f-" + field.name;
  const list = field.words.length > 0 ? id + "-words" : undefined;
  return (
    <div class={changed ? "field changed" : "field"}>
      <label for={id}><code>{field.name}</code> {field.meaning}</label>
      <input id={id} list={list} value={value} spellcheck={false} aria-describedby={id + "-values"} onChange={(e) => set(e.currentTarget.value.trim())} />
      {list && <datalist id={list}>{field.words.map((w) => <option key={w} value={w} />)}</datalist>}
      <small id={id + "-values"}>{field.values}</small>
    </div>
  );
}

function SetupForm({ shared, catalogue, error }: { shared: Shared; catalogue: Catalogue; error?: { field?: string; message: string } }) {
  const { place, scene, go } = shared;
  const say = sayer(place.lang);
  const put = ({ counted, fields, ...setup }: Setup) => {
    const some = fields && Object.keys(fields).length > 0; // as the address has it: verdicts are kept by it
    go({ setup: some ? { ...setup, fields } : setup, path: "", at: 0, loop: -1 });
  };
  const change = (part: Partial<Setup>) => {
    const setup = { ...place.setup, ...part };
    for (const name of ["base", "a", "b"] as const) if (!setup[name]) delete setup[name];
    put(setup);
  };
  const groups = [...new Set(catalogue.fields.map((f) => f.group))];
  const value = (f: FieldInfo) => scene.settings.find((s) => s.name === f.name)?.value;
  const set = (f: FieldInfo, text: string) => {
    const fields = { ...place.setup.fields };
    if (text) fields[f.name] = text;
    else delete fields[f.name];
    put({ ...place.setup, fields });
  };
  const ends = !!(place.setup.a || place.setup.b);
  return (
    <section class="card" aria-label={say("setup")}>
      <h2>{say("setup")}: {scene.title}</h2>
      <p>{scene.sentence}</p>
      <div class="row">
        <label>{say("preset")} <select value={place.setup.base ?? ""} onChange={(e) => change({ base: e.currentTarget.value, fields: {} })}>
          {ends && <option value="">–</option>}
          {catalogue.bases.filter((b) => !ends || !b.profile).map((b) => <option key={b.name} value={b.name}>{b.name}</option>)}
        </select></label>
        {(["a", "b"] as const).map((side) => (
          <label key={side}>{say(side === "a" ? "profileA" : "profileB")} <select value={place.setup[side] ?? ""} onChange={(e) => change({ [side]: e.currentTarget.value })}>
            <option value="">{ends ? "rfc" : say("asPreset")}</option>
            {catalogue.profiles.map((p) => <option key={p} value={p}>{p}</option>)}
          </select></label>
        ))}
        <button onClick={() => put({ base: "no-data" })}>{say("reset")}</button>
      </div>
      {error && <p role="alert">{error.field && <code>{error.field} </code>}{error.message}</p>}
      {groups.map((g) => {
        const list = catalogue.fields.filter((f) => f.group === g && value(f) !== undefined);
        const changed = list.filter((f) => scene.settings.find((s) => s.name === f.name)?.changed);
        return (
          <details key={g}>
            <summary>{g} {changed.length > 0 && <small>({changed.length} {say("changed")})</small>}</summary>
            <div class="fields">
              {list.map((f) => <Field key={f.name} field={f} value={value(f)!} changed={changed.includes(f)} set={(v) => set(f, v)} />)}
            </div>
          </details>
        );
      })}
    </section>
  );
}

export function Ask({ shared, catalogue, error }: { shared: Shared; catalogue: Catalogue; error?: { field?: string; message: string } }) {
  const { place } = shared;
  const [question, setQuestion] = useState({ kind: "seek", text: place.ask[0] ?? "a.state == CLOSING" });
  const key = JSON.stringify([place.setup, place.lang]);
  return (
    <div class="asking">
      <SetupForm shared={shared} catalogue={catalogue} error={error} />
      <Questions key={key} name={key} shared={shared} catalogue={catalogue} question={question} put={setQuestion} />
    </div>
  );
}

function Margins({ table, shared }: { table: MarginTable; shared: Shared }) {
  const say = sayer(shared.place.lang);
  const broken = table.rows.filter((r) => r.verdict === "violated");
  const number = (n: number, atMost: boolean) => <td>{atMost && `${say("atMost")} `}{n}</td>;
  return (
    <section class="card" aria-label={say("margin")}>
      <h2>{say("margin")}</h2>
      <p>{say("marginSays")} {table.states.toLocaleString()} {say("states")}</p>
      {table.incomplete.length > 0 && <p role="alert">{say("incomplete")} {table.incomplete.join(", ")}</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label={say("margin")}>
        <table class="pairs">
          <thead><tr><td />{(["together", "lossesOf", "copiesOf", "overtakings"] as const).map((w) => <th key={w} scope="col">{say(w)}</th>)}<th scope="col">{say("cheapest")}</th></tr></thead>
          <tbody>{broken.map((r) => <tr key={r.name} data-margin={r.name}><th scope="row" title={r.sentence}>{r.name}</th>{number(r.total, r.atmost)}{number(r.losses, r.atmost)}{number(r.copies, r.atmost)}{number(r.overtakings, r.atmost)}<td>{r.run && <OpenRun run={r.run} name={`${say("margin")} ${r.name}`} shared={shared} />}</td></tr>)}</tbody>
        </table>
      </div>
      {[...new Set(table.rows.filter((r) => r.verdict !== "violated").map((r) => r.says))].map((v) => <p key={v}><b>{v}</b>: {table.rows.filter((r) => r.says === v).map((r) => r.name).join(", ")}</p>)}
    </section>
  );
}

// first returns where a verdict stands among others: what is broken or not known comes
// before what is as one would like it.
function first(f: Finding): number {
  return (f.change ? 0 : 4) + (["violated", "zeno", "unknown"].includes(f.verdict) ? 0 : f.verdict === "not applicable" ? 2 : 1);
}

type Asked = { kind: string; text: string };

// Questions are about a configuration: with another one the verdicts go.
function Questions({ name, shared, catalogue, question: { kind, text }, put }: { name: string; shared: Shared; catalogue: Catalogue; question: Asked; put: (q: Asked) => void }) {
  const { place, go } = shared;
  const say = sayer(place.lang);
  const search = useSearch<Checked>("check" + name);
  const margin = useSearch<MarginTable>("margin" + name);
  const setText = (text: string) => put({ kind, text });
  const setKind = (kind: string) => put({ kind, text });
  const base = { setup: place.setup, lang: place.lang, properties: null, kind: "", ask: [] };
  const check = (kind: string) => search.run((o) => call("check", { ...base, kind }, o));
  const ask = (e: Event) => {
    e.preventDefault();
    search.run((o) => call("check", { ...base, ask: [{ kind, text }] }, o));
  };
  const r = search.result;
  return (
    <>
      <section class="card" aria-label={say("question")}>
        <h2>{say("question")}</h2>
        <form onSubmit={ask}>
          <div class="row">
            <Expression label={say("expression")} value={text} lang={place.lang} catalogue={catalogue} set={setText} />
            <select aria-label={say("question")} value={kind} onChange={(e) => setKind(e.currentTarget.value)}>
              <option value="seek">{say("seek")}</option>
              <option value="always">{say("always")}</option>
              <option value="never">{say("never2")}</option>
              <option value="eventually">{say("eventually")}</option>
            </select>
            <button>{say("askIt")}</button>
          </div>
        </form>
        <div class="row">
          <button onClick={() => check("property")}>{say("checkAll")}</button>
          <button onClick={() => check("liveness")}>{say("checkLive")}</button>
          <button onClick={() => check("witness")}>{say("checkWitness")}</button>
          <button onClick={() => margin.run((o) => call("margin", { setup: place.setup, lang: place.lang }, o))}>{say("margin")}</button>
        </div>
        <Search search={search} lang={place.lang} />
        <Search search={margin} lang={place.lang} />
      </section>
      {margin.result && !margin.busy && <Margins table={margin.result} shared={shared} />}
      {r && !search.busy && (
        <section class="card" aria-label={say("verdicts")} aria-live="polite">
          <h2>{say("verdicts")}</h2>
          <p id="counts" data-states={r.states}>{r.states.toLocaleString()} {say("states")}, {say("depth")} {r.depth}, {r.seconds.toFixed(1)} s</p>
          <p>{[...new Set(r.findings.map((f) => f.says))].map((v) => `${r.findings.filter((f) => f.says === v).length} ${v}`).join(", ")}</p>
          {r.incomplete.length > 0 && <p role="alert">{say("incomplete")} {r.incomplete.join(", ")}</p>}
          {Object.keys(place.setup.fields ?? {}).length > 0 && r.findings.some((f) => f.change) && <p>{say("changes")}</p>}
          <ul class="findings">
            {[...r.findings].sort((x, y) => first(x) - first(y)).map((f) => (
              <li key={f.name} class={f.verdict.replace(" ", "-")} data-verdict={f.verdict}>
                <strong>{f.name}</strong> <em>{f.says}</em> {f.reason && <span>({f.reason})</span>} {f.known && f.verdict !== "holds" && <small>{say("expected")}{f.why && `: ${f.why}`}</small>}
                {f.change && <b class={f.change === "worse" ? "no" : f.change === "better" ? "yes" : ""} data-change={f.change}>{say(f.change as "worse")}</b>}
                <br /><span>{f.sentence}</span>
                {f.setup && (
                  <p><button onClick={() => go({ setup: f.setup!, path: f.path, at: tokens(f.path).length, loop: f.loop, view: "step" })} aria-label={`${say("openRun")}: ${f.name}`}>
                    {say("openRun")} ({events(tokens(f.path).length, place.lang)})
                  </button></p>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
