import type { Distances, Map as Explored } from "./api";
import { call } from "./engine";
import { Graph } from "./graph";
import { events, sayer } from "./words";
import { tokens } from "./place";
import { Search, useSearch, type Searching } from "./search";
import { Expressions, Take, type Shared } from "./step";

// Where the states of RFC 9293's figure 5 stand.
const places: Record<string, [number, number]> = {
  LISTEN: [60, 30], "SYN-SENT": [340, 30], "SYN-RECEIVED": [200, 30], ESTABLISHED: [200, 100],
  "FIN-WAIT-1": [80, 170], "CLOSE-WAIT": [340, 170], "FIN-WAIT-2": [56, 250], CLOSING: [190, 250], "LAST-ACK": [340, 250],
  "TIME-WAIT": [110, 330], CLOSED: [310, 330],
};
const arrows: [string, string][] = [
  ["LISTEN", "SYN-RECEIVED"], ["SYN-SENT", "SYN-RECEIVED"], ["SYN-SENT", "ESTABLISHED"], ["SYN-RECEIVED", "ESTABLISHED"], ["SYN-RECEIVED", "FIN-WAIT-1"],
  ["ESTABLISHED", "FIN-WAIT-1"], ["ESTABLISHED", "CLOSE-WAIT"], ["FIN-WAIT-1", "FIN-WAIT-2"], ["FIN-WAIT-1", "CLOSING"], ["FIN-WAIT-1", "TIME-WAIT"],
  ["FIN-WAIT-2", "TIME-WAIT"], ["CLOSING", "TIME-WAIT"], ["CLOSE-WAIT", "LAST-ACK"], ["LAST-ACK", "CLOSED"], ["TIME-WAIT", "CLOSED"],
];

function Diagram({ shared }: { shared: Shared }) {
  const { scene, place } = shared;
  const say = sayer(place.lang);
  const opens = scene.way.some((w) => w.some((s) => ["LISTEN", "SYN-SENT", "SYN-RECEIVED"].includes(s)));
  const shown = Object.keys(places).filter((s) => opens || places[s][1] > 30);
  const taken = (side: number, from: string, to: string) => scene.way.some((w, i) => i > 0 && scene.way[i - 1][side] === from && w[side] === to);
  const list = [...arrows];
  for (let i = 1; i < scene.way.length; i++)
    for (const side of [0, 1]) {
      const [from, to] = [scene.way[i - 1][side], scene.way[i][side]];
      if (from !== to && !list.some(([f, t]) => f === from && t === to)) list.push([from, to]);
    }
  return (
    <figure>
      <figcaption>{say("diagram")}: a {scene.ends[0].state}, b {scene.ends[1].state}</figcaption>
      <svg class="diagram" viewBox={opens ? "0 0 420 360" : "0 70 420 290"} role="img" aria-label={`a ${scene.ends[0].state}, b ${scene.ends[1].state}`}>
        {list.filter(([f, t]) => shown.includes(f) && shown.includes(t)).map(([f, t]) => {
          const [[x1, y1], [x2, y2]] = [places[f], places[t]];
          const length = Math.hypot(x2 - x1, y2 - y1);
          const cut = Math.min(0.4, (Math.abs(y2 - y1) < 20 ? 52 : 20) / length);
          const ways = [taken(0, f, t) && "a", taken(1, f, t) && "b"].filter(Boolean).join("");
          return <line key={f + t} class={`arrow way-${ways || "none"}`} x1={x1 + (x2 - x1) * cut} y1={y1 + (y2 - y1) * cut} x2={x2 - (x2 - x1) * cut} y2={y2 - (y2 - y1) * cut} marker-end="url(#maphead)" />;
        })}
        <defs><marker id="maphead" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 1L9 5L0 9z" /></marker></defs>
        {shown.map((s) => {
          const [x, y] = places[s];
          const who = [scene.ends[0].state === s && "a", scene.ends[1].state === s && "b"].filter(Boolean).join(" ");
          return (
            <g key={s} class={who ? "node at" : "node"}>
              <rect x={x - 50} y={y - 14} width="100" height="28" rx="7" />
              <text x={x} y={y + 4} text-anchor="middle">{s}</text>
              {who && <text class="who" x={x + 44} y={y - 16} text-anchor="middle">{who}</text>}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}

// pairText returns an expression that is true in a pair of states.
const pairText = (a: string, b: string) => `a.state == ${a.replaceAll("-", "_")} && b.state == ${b.replaceAll("-", "_")}`;

function Far({ shared, search, ask }: { shared: Shared; search: Searching<Distances>; ask: () => void }) {
  const { place } = shared;
  const say = sayer(place.lang);
  const d = search.result;
  const closed = d?.pairs.find((p) => p.a === "CLOSED" && p.b === "CLOSED");
  const far = (n: number) => events(n, place.lang);
  const ways = d ? d.ways.filter((w) => w.steps >= 0).sort((x, y) => x.steps - y.steps) : [];
  const none = d ? d.ways.filter((w) => w.steps < 0 && !w.asked && !w.unknown) : [];
  const open = d ? d.ways.filter((w) => w.steps < 0 && w.unknown) : [];
  return (
    <section class="card" aria-label={say("distances")}>
      <h2>{say("distances")}</h2>
      <p>{say("distancesSay")}</p>
      {!d && !search.busy && <button onClick={ask}>{say("measure")}</button>}
      <Search search={search} lang={place.lang} />
      {d && (
        <div aria-live="polite">
          <p>{d.states.toLocaleString()} {say("states")}</p>
          {d.incomplete.length + d.pairsincomplete.length > 0 && <p role="alert">{say("incomplete")} {[...new Set([...d.incomplete, ...d.pairsincomplete])].join(", ")}</p>}
          <h3>{say("toEnd")}</h3>
          <ul class="ways"><li data-way="CLOSED">CLOSED, CLOSED: <b>{closed ? far(closed.steps) : say(d.pairsincomplete.length ? "unknown" : "none")}</b> {closed && closed.steps > 0 && <Take shared={shared} expr={pairText("CLOSED", "CLOSED")} name="CLOSED, CLOSED" />}</li></ul>
          {d.ways.some((w) => w.asked) && <>
            <h3>{say("toExpression")}</h3>
            <ul class="ways">{d.ways.filter((w) => w.asked).map((w) => <li key={w.name} data-way={w.name}><code>{w.name}</code>: <b>{w.steps >= 0 ? far(w.steps) : say(w.unknown ? "unknown" : "none")}</b></li>)}</ul>
          </>}
          <h3>{say("toViolation")}</h3>
          <ul class="ways">
            {ways.filter((w) => !w.asked).map((w) => <li key={w.name} data-way={w.name}><strong>{w.name}</strong>: <b>{far(w.steps)}</b> {w.steps > 0 && <Take shared={shared} property={w.name} name={w.name} />}<br /><small>{w.sentence}</small></li>)}
          </ul>
          {none.length > 0 && <p><b>{say("unbroken")}</b> {none.map((w) => w.name).join(", ")}</p>}
          {open.length > 0 && <p><b>{say("open_")}</b> {open.map((w) => w.name).join(", ")}</p>}
        </div>
      )}
    </section>
  );
}

function Pairs({ shared, map, far }: { shared: Shared; map: Explored; far?: Distances }) {
  const { place, scene } = shared;
  const say = sayer(place.lang);
  const order = Object.keys(places);
  const rows = order.filter((s) => map.pairs.some((p) => p.a === s));
  const columns = order.filter((s) => map.pairs.some((p) => p.b === s));
  const at = `${scene.ends[0].state},${scene.ends[1].state}`;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say("map")}>
      <table class="pairs">
        <thead><tr><td>a \ b</td>{columns.map((b) => <th key={b} scope="col">{b}</th>)}</tr></thead>
        <tbody>
          {rows.map((a) => (
            <tr key={a}>
              <th scope="row">{a}</th>
              {columns.map((b) => {
                const p = map.pairs.find((q) => q.a === a && q.b === b);
                const here = at === `${a},${b}`;
                const passed = scene.way.some((w) => w[0] === a && w[1] === b);
                const from = far?.pairs.find((q) => q.a === a && q.b === b);
                return (
                  <td key={b} class={here ? "here" : passed ? "passed" : ""}>
                    {p && <>
                      {p.states.toLocaleString()} {here ? <b>{say("here")}</b> : passed ? <small>{say("passed")}</small> : null}<br />
                      {far && !here && <small>{from ? events(from.steps, place.lang) : say(far.pairsincomplete.length ? "unknown" : "unreachable")}<br /></small>}
                      {!here && (!far || from) && <Take shared={shared} expr={pairText(a, b)} name={`${a}, ${b}`} />}
                    </>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function MapView({ shared }: { shared: Shared }) {
  const { place, scene } = shared;
  const say = sayer(place.lang);
  const search = useSearch<Explored>("map" + JSON.stringify(place.setup));
  const path = tokens(place.path).slice(0, place.at).join("");
  const ask = scene.answers.filter((a) => !a.error).map((a) => a.text);
  const far = useSearch<Distances>("far" + JSON.stringify([place.setup, path, ask, place.lang]));
  const m = search.result;
  const measure = () => far.run((o) => call("distances", { setup: place.setup, path, lang: place.lang, ask }, o));
  return (
    <div class="maps">
      <div class="mapleft">
        <section class="card"><Diagram shared={shared} /></section>
        {!place.setup.counted && <Far shared={shared} search={far} ask={measure} />}
        <Expressions {...shared} />
      </div>
      <section class="card">
        <p>{say("mapSays")}</p>
        {!m && !search.busy && <button onClick={() => search.run((o) => call("map", { setup: place.setup, lang: place.lang }, o))}>{say("explore")}</button>}
        <Search search={search} lang={place.lang} />
        {m && (
          <>
            {m.incomplete.length > 0 && <p role="alert">{say("incomplete")} {m.incomplete.join(", ")}</p>}
            <p>{m.states.toLocaleString()} {say("states")}</p>
            <Pairs shared={shared} map={m} far={far.result} />
          </>
        )}
      </section>
      {m && <section class="card across"><Graph shared={shared} map={m} far={far.result} /></section>}
    </div>
  );
}
