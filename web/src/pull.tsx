import { useRef, useState } from "preact/hooks";
import type { Choice } from "./api";
import { sayer, type Lang, type Word } from "./words";

type Props = { packet: string; x: number; y: number; from: number; to: number; next: Choice[]; choose: (c: Choice) => void; lang: Lang };

// A Pull is the dot of a segment in transit, which can be pulled to what is to become of
// it. The same events are buttons beside the ladder, and have keys.
export function Pull({ packet, x, y, from, to, next, choose, lang }: Props) {
  const say = sayer(lang);
  const dot = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<[number, number]>();
  const goals = ([["deliver", "d" + packet, to, 0], ["duplicate", "y" + packet, to, 46], ["lose", "l" + packet, (from + to) / 2, Math.abs(to - from) < 150 ? 92 : 46], ["tick", "k", from, 46]] as const)
    .map(([kind, token, gx, gy]) => ({ kind: kind as Word, choice: next.find((c) => c.token === token), x: gx, y: y + gy }))
    .filter((g) => g.choice);
  const over = at && goals.find((g) => Math.abs(g.x - x - at[0]) < 36 && Math.abs(g.y - y - at[1]) < 21);
  const move = (e: PointerEvent) => at && setAt([at[0] + e.movementX, at[1] + e.movementY]);
  const drop = (e: PointerEvent) => {
    dot.current!.releasePointerCapture(e.pointerId);
    setAt(undefined);
    if (over) choose(over.choice!);
  };
  return (
    <>
      {at && goals.map((g) => <div key={g.kind} class={over === g ? "goal over" : "goal"} style={{ left: `${g.x - 35}px`, top: `${g.y - 20}px` }} aria-hidden="true">{say(g.kind)}</div>)}
      <div
        ref={dot} class="pull" aria-hidden="true" data-packet={packet} title={say("pull")}
        style={{ left: `${x - 11 + (at?.[0] ?? 0)}px`, top: `${y - 11 + (at?.[1] ?? 0)}px` }}
        onPointerDown={(e) => {
          if (e.button !== 0) return;
          e.preventDefault();
          dot.current!.setPointerCapture(e.pointerId);
          setAt([0, 0]);
        }}
        onPointerMove={move} onPointerUp={drop} onPointerCancel={() => setAt(undefined)}
      />
    </>
  );
}
