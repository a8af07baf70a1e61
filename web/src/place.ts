// The address carries the whole state of the page.
import type { Setup } from "./api";

export type View = "step" | "ask" | "map" | "lesson" | "notes";

export const views: View[] = ["step", "ask", "map", "lesson", "notes"];

export type Place = {
  setup: Setup;
  path: string; // the whole run
  at: number; // how many of its events have happened
  loop: number; // where it repeats itself; -1 if it does not
  ask: string[];
  view: View;
  lang: "en" | "zh";
  task: number;
};

// tokens splits a path into its events. What is none stays together at the end: the
// engine says what is wrong with it.
export function tokens(path: string): string[] {
  const list: string[] = [];
  for (let i = 0; i < path.length; ) {
    const n = path[i] === "k" ? 1 : path[i] === "x" ? 2 : 3;
    list.push(path.slice(i, i + n));
    i += n;
  }
  return list;
}

export function read(hash: string): Place {
  const q = new URLSearchParams(hash.replace(/^#/, ""));
  const setup: Setup = {};
  for (const name of ["base", "a", "b"] as const) {
    const value = q.get(name);
    if (value) setup[name] = value;
  }
  for (const [name, value] of q) {
    if (name.startsWith("f.")) (setup.fields ??= {})[name.slice(2)] = value;
  }
  if (!setup.base && !setup.a && !setup.b) setup.base = "no-data";
  if (q.get("counted") === "1") setup.counted = true;
  const number = (name: string, none: number) => {
    const text = q.get(name);
    return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : none;
  };
  const path = q.get("p") ?? "";
  const view = q.get("view") as View;
  const lang = q.get("lang") ?? (q.size === 0 && navigator.language.startsWith("zh") ? "zh" : "en");
  return {
    setup,
    path,
    at: Math.min(number("at", Infinity), tokens(path).length),
    loop: number("loop", -1),
    ask: q.getAll("ask").slice(0, 20),
    view: views.includes(view) ? view : "step",
    lang: lang === "zh" ? "zh" : "en",
    task: number("task", 0),
  };
}

export function write(p: Place): string {
  const q = new URLSearchParams();
  for (const name of ["base", "a", "b"] as const) if (p.setup[name]) q.set(name, p.setup[name]!);
  for (const [name, value] of Object.entries(p.setup.fields ?? {})) q.set("f." + name, value);
  if (p.setup.counted) q.set("counted", "1");
  if (p.path) q.set("p", p.path);
  if (p.at < tokens(p.path).length) q.set("at", String(p.at));
  if (p.loop >= 0) q.set("loop", String(p.loop));
  for (const text of p.ask) q.append("ask", text);
  if (p.view !== "step") q.set("view", p.view);
  if (p.view === "lesson" && p.task) q.set("task", String(p.task));
  q.set("lang", p.lang);
  return "#" + q;
}
