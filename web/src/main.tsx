import { render } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Catalogue, Choice, Problem, Scene } from "./api";
import { call, Failure } from "./engine";
import { read, tokens, write, type Place, type View } from "./place";
import { sayer } from "./words";
import { Step, take, type Shared } from "./step";
import { Ask } from "./ask";
import { MapView } from "./map";
import { Lesson, tasks } from "./lesson";
import "./style.css";

const views: View[] = ["step", "ask", "map", "lesson"];

function App() {
  const [place, setPlace] = useState<Place>(() => read(location.hash));
  const [scene, setScene] = useState<Scene>();
  const [catalogue, setCatalogue] = useState<Catalogue>();
  const [problem, setProblem] = useState<Problem>();
  const [told, setTold] = useState("");
  const window_ = useRef<[number, number]>([-1, 40]);
  const latest = useRef(0);
  const here = useRef(place);
  here.current = place;
  const say = sayer(place.lang);

  const load = useCallback(async (p: Place) => {
    const mine = ++latest.current;
    const list = tokens(p.path);
    const goal = p.view === "lesson" ? (tasks[Math.min(p.task, tasks.length - 1)].goal ?? "") : "";
    const ask = goal && !p.ask.includes(goal) ? [...p.ask, goal] : p.ask;
    try {
      const s = await call("scene", {
        setup: p.setup, path: list.slice(0, p.at).join(""), full: p.path, lang: p.lang, loop: p.loop, ask,
        top: window_.current[0], bottom: window_.current[1],
      });
      if (mine !== latest.current) return;
      setScene(s);
      setProblem(undefined);
    } catch (e) {
      if (mine === latest.current) setProblem(e instanceof Failure ? e.problem : { message: String((e as Error).message ?? e) });
    }
  }, []);

  const show = useCallback((p: Place) => {
    setPlace(p);
    here.current = p;
    load(p);
  }, []);
  const go = useCallback((change: Partial<Place>) => {
    const p = { ...here.current, ...change };
    const address = write(p);
    // Steps do not fill the history of the browser: undo has its own keys.
    if (change.view || change.setup) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    show(p);
  }, []);
  const choose = useCallback((c: Choice) => {
    const p = here.current;
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

  useEffect(() => {
    const arrive = () => show(read(location.hash));
    addEventListener("hashchange", arrive);
    addEventListener("popstate", arrive);
    load(place);
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
      if (file) take(file, here.current.lang, go, setTold);
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

  const shared: Shared | undefined = scene && { place, scene, go, choose, view };
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
        {scene && <p class="where"><b>{scene.title}</b>{scene.tick && ` (${scene.tick})`} {scene.box && <code>{scene.box}</code>} {scene.settings.filter((s) => s.changed).map((s) => <code key={s.name}>{s.name}={s.value}</code>)}</p>}
      </header>
      <main>
        {problem && place.view !== "ask" && (
          <div role="alert" class="card problem">
            {say("failed")} {problem.field && <code>{problem.field}</code>} {problem.message}{" "}
            <button onClick={() => go({ setup: { base: "no-data" }, path: "", at: 0, loop: -1 })}>{say("afresh")}</button>
          </div>
        )}
        {told && <p role="alert" class="card">{told}</p>}
        {!shared && !problem && <p role="status">{say("loading")}</p>}
        {shared && place.view === "step" && <Step {...shared} />}
        {shared && place.view === "lesson" && <Lesson shared={shared} />}
        {shared && catalogue && place.view === "ask" && <Ask shared={shared} catalogue={catalogue} error={problem} />}
        {shared && place.view === "map" && <MapView key={JSON.stringify(shared.scene.setup)} shared={shared} />}
      </main>
      <datalist id="terms">
        {catalogue?.terms.flatMap((t) => [t.name, t.name.replace(/\ba\./, "b.")]).map((n) => <option key={n} value={n} />)}
      </datalist>
    </>
  );
}

const root = document.getElementById("app")!;
root.replaceChildren();
render(<App />, root);
