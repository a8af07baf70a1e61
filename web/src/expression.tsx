import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Catalogue, Problem } from "./api";
import { call } from "./engine";
import { sayer, type Lang } from "./words";

type Option = { text: string; says: string };

const most = 12;

// options returns what the word before the caret can become: a term, or behind a
// comparison a word of the term's kind.
export function options(before: string, catalogue: Catalogue | undefined): { word: string; list: Option[] } {
  const word = before.match(/[\w.-]*$/)![0];
  if (!catalogue) return { word, list: [] };
  const compared = before.slice(0, before.length - word.length).match(/([\w.]+)\s*(?:==|!=)\s*"?$/)?.[1];
  if (compared) {
    const term = catalogue.terms.find((t) => t.name === compared.replace(/\bb\./, "a."));
    const list = (term && catalogue.words[term.type]) || [];
    return { word, list: list.filter((w) => w.toUpperCase().startsWith(word.toUpperCase()) && w !== word).map((text) => ({ text, says: "" })) };
  }
  if (!word) return { word, list: [] };
  const terms = catalogue.terms.flatMap((t) => [t, { ...t, name: t.name.replace(/\ba\./, "b.") }].slice(0, /\ba\./.test(t.name) ? 2 : 1));
  const starts = terms.filter((t) => t.name.startsWith(word) && t.name !== word);
  const has = word.length < 3 ? [] : terms.filter((t) => !t.name.startsWith(word) && (t.name + " " + t.meaning).toLowerCase().includes(word.toLowerCase()));
  return { word, list: [...starts, ...has].slice(0, most).map((t) => ({ text: t.name, says: t.meaning })) };
}

type Props = { label: string; value: string; lang: Lang; catalogue?: Catalogue; placeholder?: string; set: (text: string) => void };

// An Expression is a field for one: it offers what fits where the caret is, and says at
// once what is wrong, and where.
export function Expression({ label, value, lang, catalogue, placeholder, set }: Props) {
  const say = sayer(lang);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [offer, setOffer] = useState<{ word: string; list: Option[] }>({ word: "", list: [] });
  const [chosen, setChosen] = useState(-1);
  const [problem, setProblem] = useState<Problem>();
  const open = offer.list.length > 0;
  const shut = () => setOffer({ word: "", list: [] });
  useEffect(() => {
    setProblem(undefined);
    if (!value.trim()) return;
    let gone = false;
    const timer = setTimeout(() => call("parse", { text: value, lang }).then((p) => !gone && setProblem(p.error), () => {}), 300);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [value, lang]);
  const look = () => {
    const f = field.current!;
    setOffer(options(f.value.slice(0, f.selectionStart ?? f.value.length), catalogue));
    setChosen(-1);
  };
  const pick = (o: Option) => {
    const f = field.current!;
    const at = f.selectionStart ?? f.value.length;
    const text = f.value.slice(0, at - offer.word.length) + o.text + f.value.slice(at);
    const caret = at - offer.word.length + o.text.length;
    f.value = text; // at once: who writes on writes behind it
    f.setSelectionRange(caret, caret);
    f.focus();
    set(text);
    shut();
  };
  const key = (e: KeyboardEvent) => {
    if (!open) return;
    const n = offer.list.length;
    if (e.key === "ArrowDown") setChosen((chosen + 1) % n);
    else if (e.key === "ArrowUp") setChosen(chosen <= 0 ? n - 1 : chosen - 1);
    else if (e.key === "Escape") shut();
    else if (e.key === "Enter" && chosen >= 0) pick(offer.list[chosen]);
    else return;
    e.preventDefault();
  };
  return (
    <div class="expression">
      <input
        ref={field} value={value} spellcheck={false} autocomplete="off" placeholder={placeholder}
        role="combobox" aria-label={label} aria-autocomplete="list" aria-expanded={open} aria-controls={id + "list"}
        aria-activedescendant={open && chosen >= 0 ? `${id}${chosen}` : undefined} aria-invalid={!!problem} aria-describedby={id + "wrong"}
        onInput={(e) => { set(e.currentTarget.value); look(); }} onKeyDown={key} onBlur={() => setTimeout(shut, 150)}
      />
      <ul class="offer" role="listbox" id={id + "list"} aria-label={say("fits")} hidden={!open}>
        {offer.list.map((o, i) => (
          <li key={o.text} id={`${id}${i}`} role="option" aria-selected={i === chosen} onMouseDown={(e) => { e.preventDefault(); pick(o); }}>
            <code>{o.text}</code> <small>{o.says}</small>
          </li>
        ))}
      </ul>
      <p class="wrong" id={id + "wrong"} role="status">
        {problem && (
          <>
            {problem.column ? <code aria-hidden="true">{value.slice(0, problem.column - 1)}<mark>{value.slice(problem.column - 1, problem.column + 7) || " "}</mark></code> : null}{" "}
            {problem.column ? `${say("column")} ${problem.column}: ` : ""}{problem.message}
          </>
        )}
      </p>
    </div>
  );
}
