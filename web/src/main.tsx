import { render } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Catalogue, Choice, Problem, Scene } from "./api";
import { call, Failure } from "./engine";
import { read, tokens, views, write, type Place } from "./place";
import { sayer } from "./words";
import { Step, type Shared } from "./step";
import { Explained, take, type Explanation } from "./capture";
import { Ask } from "./ask";
import { MapView } from "./map";
import { Lesson, tasks } from "./lesson";
import { Notes } from "./notes";
import "./style.css";

// What is shown: a scene belongs to a place.
type Shown = { place: Place; scene?: Scene };

// asked returns what a scene depends on.
function asked(p: Place) {
  const goal = p.view === "lesson" ? (tasks[Math.min(p.task, tasks.length - 1)].goal ?? "") : "";
  return JSON.stringify([p.setup, p.path, p.at, p.loop, p.lang, goal && !p.ask.includes(goal) ? [...p.ask, goal] : p.ask]);
}

// put writes the address. Steps do not fill the history of the browser: undo has its own
// keys. They may come faster than browsers let a page change its address, so a long one is
// written when the steps pause.
let waits = 0;
let written = 0;
let owed: (() => void) | undefined;
function put(p: Place, push: boolean) {
  if (push) owed?.(); // what one comes back to is where one was
  const address = write(p);
  owed = () => {
    clearTimeout(waits);
    owed = undefined;
    written = Date.now();
    if (push) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  };
  clearTimeout(waits);
  const left = push ? 0 : address.length > 1500 ? 400 : written + 300 - Date.now();
  if (left > 0) waits = setTimeout(owed, left);
  else owed();
}
addEventListener("pagehide", () => owed?.());

// setBusy says whether a scene is on its way. Nothing else depends on it, so nothing is
// drawn for it: in a long ladder that was nearly half of what the page itself did for a step.
const setBusy = (busy: boolean) => document.querySelector("main")?.setAttribute("aria-busy", String(busy));

function App() {
  const [shown, setShown] = useState<Shown>(() => ({ place: read(location.hash) }));
  const [catalogue, setCatalogue] = useState<Catalogue>();
  const [problem, setProblem] = useState<Problem>();
  const [told, setTold] = useState("");
  const [explained, setExplained] = useState<Explanation>();
  const window_ = useRef<[number, number]>([-1, 40]);
  const latest = useRef(0);
  const here = useRef(shown.place); // where the page goes: what is shown follows
  const settled = useRef(""); // what the scene that is shown was asked for
  const queued = useRef(""); // an event that was chosen while a scene was on its way
  const { place, scene } = shown;
  const say = sayer(place.lang);

  const load = useCallback(async (p: Place) => {
    const mine = ++latest.current;
    const list = tokens(p.path);
    setBusy(true);
    try {
      const s = await call("scene", {
        setup: p.setup, path: list.slice(0, p.at).join(""), full: p.path, lang: p.lang, loop: p.loop, ask: JSON.parse(asked(p))[5],
        top: window_.current[0], bottom: window_.current[1],
      });
      if (mine !== latest.current) return;
      settled.current = asked(p);
      setShown({ place: here.current, scene: s });
      setProblem(undefined);
      setBusy(false);
      const next = s.next.find((c) => c.token === queued.current);
      queued.current = "";
      if (next) choose(next);
    } catch (e) {
      if (mine !== latest.current) return;
      settled.current = queued.current = "";
      setShown((was) => ({ ...was, place: here.current }));
      setProblem(e instanceof Failure ? e.problem : { message: String((e as Error).message ?? e) });
      setBusy(false);
    }
  }, []);

  const show = useCallback((p: Place) => {
    here.current = p;
    if (asked(p) !== settled.current) return load(p);
    latest.current++; // what is on its way is not wanted any more
    setBusy(false);
    setProblem(undefined);
    setShown((was) => ({ ...was, place: p }));
  }, []);
  const go = useCallback((change: Partial<Place>) => {
    const p = { ...here.current, ...change };
    put(p, !!(change.view || change.setup));
    show(p);
  }, []);
  const choose = useCallback((c: Choice) => {
    const p = here.current;
    if (asked(p) !== settled.current) {
      queued.current = c.token;
      return;
    }
    const list = tokens(p.path);
    if (list[p.at] === c.token) return go({ at: p.at + 1 });
    go({ path: list.slice(0, p.at).join("") + c.token, at: p.at + 1, loop: -1 });
  }, []);
  const view = useCallback((top: number, bottom: number) => {
    const [t, b] = window_.current;
    if (top >= t && bottom <= b) return;
    window_.current = [top - 3, bottom + 3];
    load(here.current);
  }, []);
  const open = useCallback((file: File) => take(file, here.current.lang, go, setTold, setExplained), []);

  useEffect(() => {
    const arrive = () => {
      clearTimeout(waits);
      owed = undefined;
      show(read(location.hash));
    };
    addEventListener("hashchange", arrive);
    addEventListener("popstate", arrive);
    load(here.current);
    return () => {
      removeEventListener("hashchange", arrive);
      removeEventListener("popstate", arrive);
    };
  }, []);
  useEffect(() => {
    document.documentElement.lang = place.lang;
    document.title = "tcpclose explore · " + say(place.view);
    call("catalogue", { lang: place.lang }).then(setCatalogue, (e) => setProblem({ message: String(e.message ?? e) }));
  }, [place.lang]);

  const nextOf = useRef<Choice[]>([]);
  nextOf.current = scene?.next ?? [];
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      const p = here.current;
      if (e.altKey || e.ctrlKey || e.metaKey || (e.target as Element).closest("input,select,textarea")) return;
      if (p.view !== "step" && p.view !== "lesson") return;
      const n = tokens(p.path).length;
      const to = { ArrowLeft: p.at - 1, ArrowRight: p.at + 1, Home: 0, End: n }[e.key];
      if (to !== undefined) {
        e.preventDefault();
        if (to >= 0 && to <= n) go({ at: to });
      } else if (/^[1-9]$/.test(e.key)) {
        const c = nextOf.current[Number(e.key) - 1];
        if (c) choose(c);
      }
    };
    const over = (e: DragEvent) => e.preventDefault();
    const drop = (e: DragEvent) => {
      e.preventDefault();
      const file = e.dataTransfer?.files[0];
      if (file) open(file);
    };
    addEventListener("keydown", key);
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("keydown", key);
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, []);

  const shared: Shared | undefined = scene && { place, scene, go, choose, view, open, catalogue };
  return (
    <>
      <a class="skiplink" href="#next" onClick={(e) => { e.preventDefault(); document.getElementById("next")?.focus(); }}>{say("skip")}</a>
      <header>
        <h1>{say("title")}</h1>
        <nav aria-label="tcpclose">
          {views.map((v) => (
            <button key={v} aria-current={place.view === v ? "page" : undefined} onClick={() => (v === "lesson" && place.view !== v ? go({ view: v, setup: tasks[0].setup, path: "", at: 0, loop: -1, task: 0 }) : go({ view: v }))}>{say(v)}</button>
          ))}
          <button class="lang" lang={place.lang === "en" ? "zh" : "en"} onClick={() => go({ lang: place.lang === "en" ? "zh" : "en" })}>{say("language")}</button>
        </nav>
        {scene && <p class="where"><b>{scene.title}</b>{scene.tick && ` (${scene.tick})`} {scene.box && <code>{scene.box.name}</code>} {place.setup.counted && <code>{say("counted")}</code>} {scene.settings.filter((s) => s.changed).map((s) => <code key={s.name}>{s.name}={s.value}</code>)}</p>}
      </header>
      <main>
        {problem && place.view !== "ask" && (
          <div role="alert" class="card problem">
            {say("failed")} {problem.field && <code>{problem.field}</code>} {problem.message}{" "}
            <button onClick={() => go({ setup: { base: "no-data" }, path: "", at: 0, loop: -1 })}>{say("afresh")}</button>
          </div>
        )}
        {told && <p role="alert" class="card">{told} <button class="small" onClick={() => setTold("")}>{say("dismiss")}</button></p>}
        {explained && <Explained what={explained} lang={place.lang} close={() => setExplained(undefined)} tell={setTold} />}
        {!shared && !problem && <p role="status">{say("loading")}</p>}
        {shared && place.view === "step" && <Step {...shared} />}
        {shared && place.view === "lesson" && <Lesson shared={shared} />}
        {shared && catalogue && place.view === "ask" && <Ask shared={shared} catalogue={catalogue} error={problem} />}
        {shared && place.view === "notes" && <Notes shared={shared} />}
        {shared && place.view === "map" && <MapView key={JSON.stringify(shared.scene.setup)} shared={shared} />}
      </main>
    </>
  );
}

const root = document.getElementById("app")!;
root.replaceChildren();
render(<App />, root);
