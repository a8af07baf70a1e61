import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Choice, Ladder as Data, Row, FlightRow } from "./api";
import { Pull } from "./pull";
import { sayer, type Lang } from "./words";

const unit = 48; // the height of an event's row
const head = 40; // above the first row

const farthest = 1600; // how much of an arrow is drawn

// short returns a segment in a few letters: FIN,ACK 100:300.
export function short(text: string, wide = false): string {
  const field = (name: string) => text.match(new RegExp(`<${name}=([^>]*)>`))?.[1];
  const data = field("DATA");
  const ack = field("ACK");
  const ctl = field("CTL") ?? "";
  const text2 = data ? `${ctl} +${data}` : ctl;
  return wide ? `${text2}  SEQ ${field("SEQ")}${ack ? `  ACK ${ack}` : ""}` : `${text2} ${field("SEQ")}${ack ? ":" + ack : ""}`;
}

export function says(r: Row, lang: Lang): string {
  const say = sayer(lang);
  const parts = [r.kind === "tick" ? `${say("time")} ${r.time}` : r.what || say(r.kind as "deliver")];
  for (const m of r.moves) parts.push(`${m.side}: ${m.to}`);
  if (r.told) parts.push(`${say("told")}: ${r.told}`);
  return `${say("event")} ${r.event}: ${parts.join(", ")}`;
}

type Props = {
  data: Data;
  at: number;
  cursor: number; // the row of the last event that has happened
  lang: Lang;
  onView: (top: number, bottom: number) => void;
  onEvent: (event: number) => void;
  boxed: boolean; // there is a box between the ends
  next: Choice[];
  choose: (c: Choice) => void;
};

// usePieces keeps what was drawn: a piece that is drawn of the same things again is the
// same one, and nothing in it is looked at.
function usePieces() {
  const kept = useRef(new Map<string, VNode>());
  const used = new Map<string, VNode>();
  useEffect(() => { kept.current = used; });
  return (key: unknown[], draw: () => VNode) => {
    const name = JSON.stringify(key);
    const piece = kept.current.get(name) ?? draw();
    used.set(name, piece);
    return piece;
  };
}

// A Ladder is a time-space diagram of which only the rows in sight are there.
export function Ladder({ data, at, cursor, lang, onView, onEvent, boxed, next, choose }: Props) {
  const say = sayer(lang);
  const pieces = usePieces();
  const box = useRef<HTMLDivElement>(null);
  const event = useRef(onEvent); // pieces outlive what they were drawn with
  event.current = onEvent;
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (!box.current) return;
      setWidth(Math.max(300, box.current.clientWidth));
      view();
    });
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const view = () => {
    const b = box.current;
    if (!b) return; // it has just gone
    onView((b.scrollTop - head) / unit - 1, (b.scrollTop + b.clientHeight - head) / unit + 1);
  };
  const y = (row: number) => head + (row + 0.5) * unit;
  useLayoutEffect(() => {
    const b = box.current!;
    const top = y(cursor);
    if (top < b.scrollTop + unit || top > b.scrollTop + b.clientHeight - unit) b.scrollTop = top - b.clientHeight / 2;
    view();
  }, [cursor, data.height]);

  const narrow = width < 480;
  const side = narrow ? 98 : 150;
  const x = { a: side, b: width - side } as Record<string, number>;
  const wide = x.b - x.a > 300;
  const height = head + (data.height + 1) * unit;
  // The picture is as high as there are rows, and what is dashed goes as far.
  const first = Math.max(0, data.rows.length ? y(data.rows[0].y) - 3 * unit : 0);
  const last = Math.min(height, data.rows.length ? y(data.rows[data.rows.length - 1].y) + 3 * unit : height);
  const within = (at: number) => Math.min(Math.max(at, first), last);
  const dim = (row: number) => (row > cursor ? "later" : "");
  const center = (x.a + x.b) / 2;

  // course returns from where to where a segment goes: with a box it goes to the box, and
  // what the box sends on from there.
  const course = (f: FlightRow): [number, number] => {
    const [from, to] = [x[f.from], x[f.from === "a" ? "b" : "a"]];
    return f.behind ? [center, to] : boxed ? [from, center] : [from, to];
  };
  const flight = (f: FlightRow) => {
    const [start, to] = course(f);
    const half = (start + to) / 2;
    const stub = start + (to - start) * (boxed ? 0.55 : 0.275);
    // A copy may arrive thousands of rows behind the sending, and to draw so many dashes
    // takes a browser longer than all else: an arrow begins no further above its end than
    // can be seen.
    const lines = f.arrives.map((row, i) => {
      const [top, end] = [y(f.sent) + 8, y(row)];
      const part = Math.max(0, 1 - farthest / (end - top));
      return <line class={`arrow ${i > 0 ? "copy" : ""} ${dim(row)}`} x1={start + (to - start) * part} y1={top + (end - top) * part} x2={to} y2={end} marker-end="url(#head)" />;
    });
    const lostY = f.lost >= 0 ? Math.max(y(f.lost), y(f.sent) + 20) : 0;
    if (f.lost >= 0) {
      lines.push(
        <g class={`lost ${dim(f.lost)}`}>
          <line class="arrow" x1={start} y1={y(f.sent) + 8} x2={half} y2={lostY} />
          <path d={`M${half - 6} ${lostY - 6}l12 12m0-12l-12 12`} />
        </g>,
      );
    }
    if (f.transit && f.lost < 0) {
      const end = y(f.sent) + 26;
      lines.push(
        <g class={`way ${dim(f.sent)}`}>
          <line class="arrow" x1={start} y1={y(f.sent) + 8} x2={stub} y2={end} />
          <circle cx={stub} cy={end} r="4" />
        </g>,
      );
    }
    // The words stand along the first part of the arrow, near the sender.
    const ends = f.arrives.length ? [to, y(f.arrives[0])] : f.lost >= 0 ? [half, lostY] : [stub, y(f.sent) + 26];
    const slope = (ends[1] - y(f.sent) - 8) / (ends[0] - start);
    const lx = start + (to - start) * (slope === 0 ? 0.5 : 0.38);
    const ly = y(f.sent) + 8 + slope * (lx - start) - 5;
    const turn = (Math.atan(slope) * 180) / Math.PI;
    return (
      <g key={f.number} data-flight={f.number}>
        {lines}
        <text class={`segment ${dim(f.sent)}`} x={lx} y={ly} text-anchor="middle" transform={`rotate(${turn.toFixed(1)} ${lx.toFixed(1)} ${ly.toFixed(1)})`}>
          {f.number}. {short(f.text, wide && !boxed)}
        </text>
      </g>
    );
  };

  const row = (r: Row) => {
    const top = y(r.y);
    if (r.kind === "tick") {
      return (
        <g key={r.event} class={dim(r.y)}>
          <line class="time" x1={4} y1={top} x2={width - 4} y2={top} />
          <text class="clock" x={x.a + 32} y={top - 3}>{say("time")} {r.time}</text>
        </g>
      );
    }
    const at = r.side ? x[r.side] : center;
    const out = r.side === "b" ? 1 : -1;
    const lines: { text: string; class: string }[] = [];
    // A long name is as many lines as words, so that it has room beside the number.
    const what = r.what.length > 16 ? r.what.split(" ") : r.what ? [r.what] : [];
    what.forEach((w, i) => lines.push({ text: (i === 0 ? "(" : "") + w + (i === what.length - 1 ? ")" : ""), class: "call" }));
    for (const m of r.moves) lines.push({ text: m.to, class: "state" });
    const box = r.box.map((text) => ({ text, class: "boxed" }));
    if (r.told) lines.push({ text: narrow ? `“${r.told}”` : `${say("told")}: ${r.told}`, class: "told" });
    return (
      <g key={r.event} class={dim(r.y)} data-event={r.event}>
        {r.side && <circle class="event" cx={at} cy={top} r="3.5" />}
        <text class="number" x={r.side === "b" ? width - 4 : 4} y={narrow ? top - 14 : top + 4} text-anchor={r.side === "b" ? "end" : "start"}>{r.event}</text>
        {r.side &&
          lines.map((l, i) => (
            <text class={l.class} x={at + out * 9} y={top + 4 + (i - (lines.length - 1) / 2) * 14} text-anchor={out < 0 ? "end" : "start"}>
              {l.text}
            </text>
          ))}
        {box.map((l, i) => <text class={l.class} x={center} y={top - 4 + (i - box.length + 1) * 13} text-anchor="middle">{l.text}</text>)}
      </g>
    );
  };

  const move = (e: KeyboardEvent) => {
    const to = { ArrowUp: at - 1, ArrowDown: at + 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    onEvent(Math.max(0, to));
  };

  return (
    <div class="ladder" ref={box} onScroll={view} tabIndex={0} role="region" aria-label={say("ladder")} onKeyDown={move}>
      <div style={{ height: `${height}px`, position: "relative" }}>
        <svg width={width} height={last - first} viewBox={`0 ${first} ${width} ${last - first}`} style={{ top: `${first}px` }} aria-hidden="true">
          <defs>
            <marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse" orient="auto">
              <path class="head" d="M0 1L9 5L0 9z" />
            </marker>
          </defs>
          {data.loop >= 0 && <rect class="loop" x="2" y={within(y(data.loop) - unit / 2)} width={width - 4} height={Math.max(unit / 2, within(y(data.height) - unit / 2) - within(y(data.loop) - unit / 2))} rx="8" />}
          {(["a", "b"] as const).map((s, i) => (
            <g key={s}>
              <line class="life" x1={x[s]} y1={Math.max(head, first)} x2={x[s]} y2={Math.min(height - 6, last)} />
              <text class="end" x={x[s]} y="18" text-anchor="middle">{s}</text>
              <text class="state" x={x[s] + (i ? 9 : -9)} y={head + 8} text-anchor={i ? "start" : "end"}>{data.start[i]}</text>
            </g>
          ))}
          {boxed && <line class="box" x1={center} y1={Math.max(head, first)} x2={center} y2={Math.min(height - 6, last)} />}
          {data.timers.map((t, i) => {
            const out = t.side === "b" ? -1 : 1;
            const tx = x[t.side] + out * (8 + t.lane * 9);
            return (
              <path key={i} class={`timer ${t.end === "cut short" ? "cut" : ""} ${dim(t.from)}`} d={`M${tx - out * 4} ${within(y(t.from) + 5)}h${out * 4}V${within(y(t.to) - 5)}${t.end === "running" ? "" : `h${-out * 4}`}`}>
                <title>{`${t.name} ${t.ticks} ${say("ticks")} (${t.end})`}</title>
              </path>
            );
          })}
          {data.flights.map((f) => pieces(["f", f, boxed, width, lang, dim(f.sent), f.arrives.map(dim), dim(f.lost)], () => flight(f)))}
          {data.rows.map((r) => pieces(["r", r, width, lang, dim(r.y)], () => row(r)))}
          <line class="cursor" x1="0" y1={y(cursor) + unit * 0.42} x2={width} y2={y(cursor) + unit * 0.42} />
        </svg>
        <ol class="rows">
          {data.rows.map((r) => pieces(["b", r.event, r.y, r.kind, says(r, lang), r.event === at], () => (
            <li key={r.event} style={{ top: `${y(r.y) - unit / 2}px`, height: `${r.kind === "tick" ? unit * 0.5 : unit - 4}px` }}>
              <button tabIndex={-1} aria-current={r.event === at ? "step" : undefined} aria-label={says(r, lang)} onClick={() => event.current(r.event)} />
            </li>
          )))}
        </ol>
        {data.flights.filter((f) => f.packet && f.sent <= cursor).map((f) => {
          const [start, to] = course(f);
          return <Pull key={f.number} packet={f.packet} x={start + (to - start) * (boxed ? 0.55 : 0.275)} y={y(f.sent) + 26} from={start} to={to} next={next} choose={choose} lang={lang} />;
        })}
      </div>
    </div>
  );
}
