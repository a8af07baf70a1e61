import { useEffect, useState } from "preact/hooks";
import type { ClaimInfo, ClaimList, FaultCaught, FaultInfo, ClaimVerdict, Lost, Run } from "./api";
import { call } from "./engine";
import { events, sayer, type Word } from "./words";
import { tokens } from "./place";
import { Search, useSearch } from "./search";
import type { Shared } from "./step";

// OpenRun opens a run in the step view.
export function OpenRun({ run, name, shared }: { run: Run; name: string; shared: Shared }) {
  const say = sayer(shared.place.lang);
  const what = run.name === "run" ? say("openRun") : `${say("openRun")}: ${say(run.name as Word)}`;
  return (
    <button class="small" aria-label={`${what}: ${name}`} onClick={() => shared.go({ setup: run.setup, path: run.path, at: tokens(run.path).length, loop: run.loop, view: "step" })}>
      {what} ({events(run.events, shared.place.lang)})
    </button>
  );
}

// A Claim is a sentence of the notes, with the verdict on it once it is wanted.
function Claim({ claim, shared }: { claim: ClaimInfo; shared: Shared }) {
  const { lang } = shared.place;
  const say = sayer(lang);
  const search = useSearch<ClaimVerdict>("claim" + claim.id + lang);
  const judge = () => search.run((o) => call("claim", { id: claim.id, lang }, o));
  const r = search.result;
  return (
    <li data-claim={claim.id} class={r ? `verdict-${r.verdict.replace(" ", "-")}` : ""}>
      <p>
        <b>{claim.id}</b> {lang === "en" && <span>{claim.english}<br /></span>} <q lang="zh">{claim.quote.replaceAll("**", "").split("`").map((t, i) => (i % 2 ? <code key={i}>{t}</code> : t))}</q>
      </p>
      {!r && !search.busy && <button class="small" onClick={judge} aria-label={`${say("judge")}: ${claim.id}`}>{say("judge")}</button>}
      <Search search={search} lang={lang} />
      {r && (
        <div class="judged">
          <p role="status"><strong data-verdict={r.verdict}>{r.says}</strong> {r.if && <span>{say("if")} {r.if}</span>}</p>
          <p>{say(r.verdict === "holds" ? "more" : "right")} {r.right} {!r.rightshown && <small>{say("notShown")}</small>}</p>
          <p>{say("why")} {r.why}</p>
          {(["said", "under", "shown"] as const).map((part) => {
            const list = r.evidence.filter((e) => e.part === part);
            return list.length > 0 && (
              <div key={part}>
                <h3>{say(part === "shown" ? "shown2" : part)}</h3>
                <ul>{list.map((e, i) => <li key={i}><b>{e.truthsays}</b> {e.says} <small>{e.found}</small> {e.run && <OpenRun run={e.run} name={e.says} shared={shared} />}</li>)}</ul>
              </div>
            );
          })}
        </div>
      )}
    </li>
  );
}

function Losses({ profiles, shared }: { profiles: string[]; shared: Shared }) {
  const { lang } = shared.place;
  const say = sayer(lang);
  const search = useSearch<Lost>();
  const [segment, setSegment] = useState(4);
  const [always, setAlways] = useState(false);
  const [profile, setProfile] = useState(profiles[0]);
  const ask = () => search.run((o) => call("lose", { segment, always, profile, lang }, o));
  const r = search.result;
  return (
    <section class="card" aria-label={say("losses")}>
      <h2>{say("losses")}</h2>
      <p>{say("lossesSay")}</p>
      <form class="row" onSubmit={(e) => { e.preventDefault(); ask(); }}>
        <label>{say("segment")} <select value={segment} onChange={(e) => setSegment(Number(e.currentTarget.value))}>
          {(["s1", "s2", "s3", "s4"] as const).map((s, i) => <option key={s} value={i + 1}>{say(s)}</option>)}
        </select></label>
        <label>{say("often")} <select value={String(always)} onChange={(e) => setAlways(e.currentTarget.value === "true")}>
          <option value="false">{say("once")}</option>
          <option value="true">{say("eachTime")}</option>
        </select></label>
        <label>{say("timersOf")} <select value={profile} onChange={(e) => setProfile(e.currentTarget.value)}>{profiles.map((p) => <option key={p}>{p}</option>)}</select></label>
        <button>{say("askIt")}</button>
      </form>
      <Search search={search} lang={lang} />
      {r && !search.busy && (
        <div aria-live="polite">
          <p><b>{r.says}: {say(r.always ? "eachTime" : "once")}</b> <small>{r.profile}</small></p>
          {r.incomplete.length > 0 && <p role="alert">{say("incomplete")} {r.incomplete.join(", ")}</p>}
          {r.spans.map((s) => (
            <div key={s.says}>
              <h3>{s.says}</h3>
              {!s.begins && <p>{say("neverBegins")}</p>}
              {s.least && <p>{say(s.least === s.greatest && !s.endless ? "alike" : "shortest")}: {s.least}{s.timers[0]?.length ? ` (${s.timers[0].join(", ")})` : ""}</p>}
              {s.endless ? <p>{say("longest")}: {say("unbounded")}</p> : s.greatest && s.greatest !== s.least && <p>{say("longest")}: {s.greatest}{s.timers[1]?.length ? ` (${s.timers[1].join(", ")})` : ""}</p>}
              <div class="row">{s.runs.map((run) => <OpenRun key={run.name} run={run} name={s.says} shared={shared} />)}</div>
            </div>
          ))}
          <h3>{say("endings")}</h3>
          <ul>{r.endings.map((e, i) => <li key={i}>a: {e.a}; b: {e.b} {e.caused && <b>{say("caused")}</b>}</li>)}</ul>
        </div>
      )}
    </section>
  );
}

// A Fault is a mistake of an implementation, with what catches it once that is wanted.
function Fault({ fault, shared }: { fault: FaultInfo; shared: Shared }) {
  const { lang } = shared.place;
  const say = sayer(lang);
  const search = useSearch<FaultCaught>("fault" + fault.name + lang);
  const r = search.result;
  return (
    <li data-fault={fault.name}>
      <p><code>{fault.name}</code> {fault.meaning}</p>
      {!r && !search.busy && <button class="small" onClick={() => search.run((o) => call("fault", { name: fault.name, lang }, o))} aria-label={`${say("plant")}: ${fault.name}`}>{say("plant")}</button>}
      <Search search={search} lang={lang} />
      {r && (
        <div role="status">
          {!r.complete && <p>{say("incomplete")}</p>}
          {r.catches.length === 0 ? <p>{say(r.complete ? "survives" : "unknown")}</p> : <p>{say("caught")}</p>}
          <ul>{r.catches.map((c) => <li key={c.name}><b>{c.name}</b>: {c.sentence} {c.run && <OpenRun run={c.run} name={c.name} shared={shared} />}</li>)}</ul>
        </div>
      )}
    </li>
  );
}

export function Notes({ shared }: { shared: Shared }) {
  const { lang } = shared.place;
  const say = sayer(lang);
  const [list, setList] = useState<ClaimList>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let gone = false;
    call("claims", { lang }).then((l) => !gone && setList(l), (e) => !gone && setProblem(e.message));
    return () => { gone = true; };
  }, [lang]);
  return (
    <div class="notes">
      {problem && <p role="alert">{problem}</p>}
      {list && <Losses key={lang} profiles={list.profiles} shared={shared} />}
      <section class="card" aria-label={say("claims")}>
        <h2>{say("claims")}</h2>
        <p>{say("claimsSay")}</p>
        <ul class="claims">{list?.claims.map((c) => <Claim key={c.id + lang} claim={c} shared={shared} />)}</ul>
      </section>
      <section class="card" aria-label={say("faults")}>
        <h2>{say("faults")}</h2>
        <p>{say("faultsSay")}</p>
        <ul class="claims">{list?.faults.map((f) => <Fault key={f.name + lang} fault={f} shared={shared} />)}</ul>
      </section>
    </div>
  );
}
