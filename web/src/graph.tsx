import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Distances, Map as Explored, PairStep } from "./api";
import { arranged } from "./layout";
import { events, sayer } from "./words";
import type { Shared } from "./step";

const name = (p: [string, string] | string[]) => p.join(",");

// Behind lists the steps that an arrow stands for, those that are most first.
function Behind({ title, steps, other, choose, lang }: { title: string; steps: PairStep[]; other: (s: PairStep) => string[]; choose: (pair: string) => void; lang: "en" | "zh" }) {
  const say = sayer(lang);
  const groups = new Map<string, PairStep[]>();
  for (const s of steps) {
    const list = groups.get(name(other(s))) ?? [];
    const same = list.findIndex((l) => l.event === s.event); // by the other end
    if (same < 0) list.push(s);
    else list[same] = { ...s, steps: list[same].steps + s.steps };
    groups.set(name(other(s)), list);
  }
  if (groups.size === 0) return null;
  const sum = (list: PairStep[]) => list.reduce((n, s) => n + s.steps, 0);
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {[...groups].sort((x, y) => sum(y[1]) - sum(x[1])).map(([pair, list]) => (
          <li key={pair}>
            <button class="small" onClick={() => choose(pair)}>{pair.replace(",", ", ")}</button> {sum(list).toLocaleString()} {say("steps")}
            <small>: {list.sort((x, y) => y.steps - x.steps).map((s) => `${s.event} (${s.steps.toLocaleString()})`).join("; ")}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

// A Graph is the quotient: pairs of connection states, and the steps between them.
export function Graph({ shared, map, far }: { shared: Shared; map: Explored; far?: Distances }) {
  const { place, scene } = shared;
  const say = sayer(place.lang);
  const [chosen, choose] = useState<string>();
  const picture = useMemo(() => arranged(map), [map]);
  const here = name([scene.ends[0].state, scene.ends[1].state]);
  const at = chosen ?? here;
  const passed = new Set(scene.way.map(name));
  const way = new Set(scene.way.slice(1).map((w, i) => name(scene.way[i]) + ">" + name(w)));
  const view = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => { // what one is asked to look at is in sight
    const n = picture.nodes.find((n) => n.name === at);
    if (n && view.current) view.current.scrollTo(n.x - view.current.clientWidth / 2, n.y - view.current.clientHeight / 2);
  }, [picture, at]);
  const pair = map.pairs.find((p) => name([p.a, p.b]) === at);
  return (
    <figure class="quotient">
      <figcaption><h2>{say("graph")}</h2><p>{say("graphSays")}</p></figcaption>
      <div class="scroll" ref={view} tabIndex={0} role="region" aria-label={say("graph")}>
        <svg width={picture.width} height={picture.height} viewBox={`0 0 ${picture.width} ${picture.height}`} role="group" aria-label={say("graph")}>
          <defs><marker id="graphhead" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 1L9 5L0 9z" /></marker></defs>
          {picture.edges.map((e) => (
            <path key={e.from + e.to} class={`edge ${way.has(e.from + ">" + e.to) ? "taken" : ""} ${e.from === at ? "out" : e.to === at ? "in" : ""}`} d={e.path} marker-end="url(#graphhead)">
              <title>{`${e.steps.toLocaleString()} ${say("steps")}`}</title>
            </path>
          ))}
          {picture.nodes.map((n) => {
            const [a, b] = n.name.split(",");
            const p = map.pairs.find((q) => q.a === a && q.b === b)!;
            const away = far?.pairs.find((q) => q.a === a && q.b === b);
            const says = `${a}, ${b}: ${p.states.toLocaleString()} ${say("states")}${away ? `, ${events(away.steps, place.lang)}` : ""}`;
            return (
              <g
                key={n.name} class={`pair ${n.name === here ? "here" : ""} ${passed.has(n.name) ? "passed" : ""} ${n.name === at ? "chosen" : ""}`}
                role="button" tabindex={0} aria-label={says} aria-pressed={n.name === at} data-pair={n.name}
                onClick={() => choose(n.name)}
                onKeyDown={(e) => {
                  if (e.key !== "Enter" && e.key !== " ") return;
                  e.preventDefault();
                  choose(n.name);
                }}
              >
                <title>{says}</title>
                <rect x={n.x - n.width / 2} y={n.y - n.height / 2} width={n.width} height={n.height} rx="7" />
                <text x={n.x} y={n.y - 3} text-anchor="middle">{a}</text>
                <text x={n.x} y={n.y + 11} text-anchor="middle">{b}</text>
                {away && <text class="away" x={n.x + n.width / 2 - 3} y={n.y - n.height / 2 - 3} text-anchor="end">{away.steps}</text>}
              </g>
            );
          })}
        </svg>
      </div>
      {pair && (
        <div class="behind" aria-live="polite">
          <p><b>{at.replace(",", ", ")}</b>: {pair.states.toLocaleString()} {say("states")}</p>
          <Behind title={say("leaves")} steps={map.steps.filter((s) => name(s.from) === at)} other={(s) => s.to} choose={choose} lang={place.lang} />
          <Behind title={say("enters")} steps={map.steps.filter((s) => name(s.to) === at)} other={(s) => s.from} choose={choose} lang={place.lang} />
        </div>
      )}
    </figure>
  );
}
