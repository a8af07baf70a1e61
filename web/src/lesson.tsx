import { useEffect, useRef } from "preact/hooks";
import { sayer } from "./words";
import { Step, type Shared } from "./step";
import type { Setup } from "./api";

// A task is solved when the model says that its expression is true where the run is, or
// that the run breaks its property.
type Task = { title: [string, string]; text: [string, string]; setup: Setup; goal?: string; property?: string };

const plain: Setup = { base: "no-data" };

export const tasks: Task[] = [
  {
    title: ["The four segments", "四个报文段"],
    text: [
      "Let a call CLOSE first, and bring the connection to its usual end: FIN, ACK, FIN, ACK. b is then CLOSED, and a waits in TIME-WAIT.",
      "让 a 先调用 CLOSE，使连接正常结束：FIN、ACK、FIN、ACK。最后 b 处于 CLOSED，a 在 TIME-WAIT 等待。",
    ],
    setup: plain,
    goal: "a.state == TIME_WAIT && b.state == CLOSED",
  },
  {
    title: ["The first FIN is lost", "第一个 FIN 丢失"],
    text: [
      "a calls CLOSE, and the network loses its FIN. Who repairs it? Go on until the FIN has been sent once more, and b has received it.",
      "a 调用 CLOSE，网络丢失了它的 FIN。由谁修复？继续，直到 FIN 再次发出并被 b 收到。",
    ],
    setup: plain,
    goal: "a.rtx > 0 && b.finreceived",
  },
  {
    title: ["The last ACK is lost", "最后的 ACK 丢失"],
    text: [
      "Bring a to TIME-WAIT, and lose the ACK that it sends. b stays in LAST-ACK. Go on until b has sent its FIN again.",
      "使 a 到达 TIME-WAIT，并丢失它发送的 ACK。b 停留在 LAST-ACK。继续，直到 b 再次发送 FIN。",
    ],
    setup: plain,
    goal: "a.state == TIME_WAIT && b.state == LAST_ACK && b.rtx > 0",
  },
  {
    title: ["Both close at once", "两端同时关闭"],
    text: [
      "There need not be a first to close. Bring both ends to CLOSING at the same time, as in figure 13 of RFC 9293.",
      "不一定有一端先关闭。使两端同时处于 CLOSING，如 RFC 9293 的图 13。",
    ],
    setup: plain,
    goal: "a.state == CLOSING && b.state == CLOSING",
  },
  {
    title: ["CLOSE_WAIT has no timer", "CLOSE_WAIT 没有定时器"],
    text: [
      "“CLOSE_WAIT goes away after some time.” Wrong: a has closed, b forgets to. Let a reach FIN-WAIT-2, with nothing in transit. Then look at what can happen next: no timer runs, and nothing waits for time to pass. Only b's CLOSE goes on.",
      "“CLOSE_WAIT 过一段时间会自行消失。”错误：a 已关闭，b 忘记关闭。使 a 到达 FIN-WAIT-2，且没有在途的报文段。再看接下来可能发生的事：没有定时器在运行，也没有什么在等待时间推移。只有 b 调用 CLOSE 才能继续。",
    ],
    setup: plain,
    goal: "a.state == FIN_WAIT_2 && b.state == CLOSE_WAIT && net.a.count == 0 && net.b.count == 0",
  },
  {
    title: ["TIME_WAIT need not last 2 MSL", "TIME_WAIT 不一定持续 2 MSL"],
    text: [
      "“TIME_WAIT always lasts 2 MSL.” Wrong. Find a run that breaks the property time-wait-unbroken: keep a copy of the last ACK, deliver it to b when b is CLOSED, and deliver b's answer. “Take me there”, under Properties, shows one, too.",
      "“TIME_WAIT 总是持续 2 MSL。”错误。找一个破坏性质 time-wait-unbroken 的运行：留下最后 ACK 的副本，在 b 处于 CLOSED 时送达，再送达 b 的回复。“性质”下的“带我去”也能给出一个。",
    ],
    setup: plain,
    property: "time-wait-unbroken",
  },
  {
    title: ["Both ends agree? Not always", "两端总是一致？不一定"],
    text: [
      "“After the four segments both ends know how it ended.” Wrong: no last acknowledgement is itself acknowledged. Find a run in which b is told of a timeout although a's close was normal: the last ACK is lost each time, until b gives up. “Take me there”, under Expressions, shows one, too.",
      "“四个报文段之后，两端都知道结局。”错误：最后的确认本身得不到确认。找一个运行：a 正常关闭，而 b 得知超时：最后的 ACK 每次都丢失，直到 b 放弃。“此处的表达式”下的“带我去”也能给出一个。",
    ],
    setup: plain,
    goal: "a.ended == NORMAL && b.ended == TIMED_OUT",
  },
];

export function solved(shared: Shared): boolean {
  const t = tasks[shared.place.task] ?? tasks[0];
  if (t.property) return shared.scene.properties.some((p) => p.name === t.property && p.broken >= 0);
  return shared.scene.answers.some((a) => a.text === t.goal && a.true);
}

const ever = new Set<number>(); // the tasks that were solved since the page was opened

export function Lesson({ shared }: { shared: Shared }) {
  const { place, go } = shared;
  const say = sayer(place.lang);
  const n = Math.min(place.task, tasks.length - 1);
  const t = tasks[n];
  const zh = place.lang === "zh" ? 1 : 0;
  const begin = (task: number) => go({ task, setup: tasks[task].setup, path: "", at: 0, loop: -1 });
  const done = solved(shared);
  if (done) ever.add(n);
  const card = useRef<HTMLElement>(null);
  useEffect(() => { // who has scrolled down sees that it is solved
    if (done) card.current?.scrollIntoView({ block: "nearest" });
  }, [done, n]);
  return (
    <>
      <section ref={card} class="card lesson" aria-label={`${say("task")} ${n + 1}`}>
        <nav class="row" aria-label={say("lesson")}>
          {tasks.map((t, i) => (
            <button key={i} class="small" aria-current={i === n ? "step" : undefined} onClick={() => begin(i)} title={t.title[zh]}>{i + 1}{ever.has(i) && <span aria-hidden="true"> ✓</span>}</button>
          ))}
        </nav>
        <h2>{say("task")} {n + 1}: {t.title[zh]}</h2>
        <p>{t.text[zh]}</p>
        <p role="status" class={done ? "yes" : ""} id="solved" data-solved={done}>{done ? say("solved") : say("unsolved")}</p>
        <div class="row">
          <button onClick={() => begin(n)} disabled={place.path === ""}>{say("begin")}</button>
          {n + 1 < tasks.length && <button onClick={() => begin(n + 1)}>{say("nextTask")}</button>}
        </div>
      </section>
      <Step {...shared} />
    </>
  );
}
