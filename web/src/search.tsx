import { useEffect, useRef, useState } from "preact/hooks";
import type { Progress } from "./api";
import type { Options } from "./engine";
import { sayer, type Lang } from "./words";

export type Searching<R> = {
  busy: boolean;
  progress?: Progress;
  result?: R;
  error?: string;
  run: (f: (o: Options) => Promise<R>) => Promise<R | undefined>;
  cancel: () => void;
};

// What was found, for as long as the page is open: who comes back finds it again.
const found = new Map<string, unknown>();

// useSearch runs one search at a time, which ends with the part of the page that asks, or
// when the key is another one. What is found is kept under the key, if there is one.
export function useSearch<R>(key = ""): Searching<R> {
  type State = { key: string; busy: boolean; progress?: Progress; result?: R; error?: string };
  const fresh = (): State => ({ key, busy: false, result: found.get(key) as R | undefined });
  const [last, set] = useState<State>(fresh);
  const state = last.key === key ? last : fresh();
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(), [key]);
  return {
    ...state,
    cancel: () => control.current?.abort(),
    run: async (f) => {
      control.current?.abort();
      const mine = (control.current = new AbortController());
      set({ key, busy: true });
      try {
        const result = await f({ signal: mine.signal, progress: (progress) => mine === control.current && set({ key, busy: true, progress }) });
        if (key) found.set(key, result);
        if (mine === control.current) set({ key, busy: false, result });
        return result;
      } catch (e) {
        if (mine === control.current) set({ key, busy: false, error: mine.signal.aborted ? "cancelled" : (e as Error).message });
      }
    },
  };
}

// Search shows how far a search is, and what went wrong with it.
export function Search({ search, lang }: { search: Searching<any>; lang: Lang }) {
  const say = sayer(lang);
  const p = search.progress;
  return (
    <>
      {search.busy && (
        <span class="searching">
          <span role="status">
            {say("searching")} … {p && `${p.states.toLocaleString()} ${say("states")}, ${say("depth")} ${p.depth}, ${p.seconds.toFixed(1)} s`}
          </span>{" "}
          <button class="small" onClick={search.cancel}>{say("cancel")}</button>
        </span>
      )}
      {search.error && <p role="alert">{search.error === "cancelled" ? say("cancelled") : `${say("failed")} ${search.error}`}</p>}
    </>
  );
}
