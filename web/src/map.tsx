import type { Map as Explored } from "./api";
import { call } from "./engine";
import { sayer } from "./words";
import { Search, useSearch } from "./search";
import { Take, type Shared } from "./step";

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

export function MapView({ shared }: { shared: Shared }) {
  const { place, scene } = shared;
  const say = sayer(place.lang);
  const search = useSearch<Explored>("map" + JSON.stringify(place.setup));
  const m = search.result;
  const order = Object.keys(places);
  const rows = m ? order.filter((s) => m.pairs.some((p) => p.a === s)) : [];
  const columns = m ? order.filter((s) => m.pairs.some((p) => p.b === s)) : [];
  const at = `${scene.ends[0].state},${scene.ends[1].state}`;
  const targets: [string, string][] = [
    ["CLOSED, CLOSED", "a.state == CLOSED && b.state == CLOSED"],
    ["CLOSING, CLOSING", "a.state == CLOSING && b.state == CLOSING"],
    ["TIME-WAIT, CLOSED", "a.state == TIME_WAIT && b.state == CLOSED"],
  ];
  return (
    <div class="maps">
      <section class="card"><Diagram shared={shared} />
        <ul class="targets">{targets.map(([name, expr]) => <li key={name}>{name} <Take shared={shared} expr={expr} name={name} /></li>)}</ul>
      </section>
      <section class="card">
        <p>{say("mapSays")}</p>
        {!m && !search.busy && <button onClick={() => search.run((o) => call("map", { setup: place.setup, lang: place.lang }, o))}>{say("explore")}</button>}
        <Search search={search} lang={place.lang} />
        {m && (
          <>
            {m.incomplete.length > 0 && <p role="alert">{say("incomplete")} {m.incomplete.join(", ")}</p>}
            <p>{m.states.toLocaleString()} {say("states")}</p>
            <div class="scroll" tabIndex={0} role="region" aria-label={say("map")}>
              <table class="pairs">
                <thead><tr><td>a \ b</td>{columns.map((b) => <th key={b} scope="col">{b}</th>)}</tr></thead>
                <tbody>
                  {rows.map((a) => (
                    <tr key={a}>
                      <th scope="row">{a}</th>
                      {columns.map((b) => {
                        const p = m.pairs.find((q) => q.a === a && q.b === b);
                        const here = at === `${a},${b}`;
                        const passed = scene.way.some((w) => w[0] === a && w[1] === b);
                        return (
                          <td key={b} class={here ? "here" : passed ? "passed" : ""}>
                            {p && <>{p.states.toLocaleString()} {here ? <b>{say("here")}</b> : passed ? <small>{say("passed")}</small> : null}<br />{!here && <Take shared={shared} expr={`a.state == ${a.replaceAll("-", "_")} && b.state == ${b.replaceAll("-", "_")}`} name={`${a}, ${b}`} />}</>}
                          </td>
                        );
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </section>
    </div>
  );
}
