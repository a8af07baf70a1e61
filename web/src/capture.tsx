import { useEffect, useRef, useState } from "preact/hooks";
import type { Explained as Text } from "./api";
import { call, Failure } from "./engine";
import { sayer, type Lang } from "./words";
import type { Shared } from "./step";
import { tokens } from "./place";

export type Explanation = { name: string; data: string; text: Text; lang: Lang };

const most = 16 << 20;

// base64 returns octets as a request has them.
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

// take opens a file: a trace, which is stepped through, or a capture or a list of sockets,
// which is explained.
export async function take(file: File, lang: Lang, go: Shared["go"], tell: (text: string) => void, explained: (e: Explanation | undefined) => void) {
  const say = sayer(lang);
  try {
    if (file.size > most) throw new Failure({ message: say("tooLarge") });
    tell("");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    if (/^\s*\{/.test(text)) {
      const i = await call("import", { text, lang });
      explained(undefined);
      go({ setup: i.setup, path: i.path, at: tokens(i.path).length, loop: i.loop, view: "step" });
      tell(i.departs ? `${say("departs")} ${i.departs}` : "");
      return;
    }
    const data = base64(bytes);
    explained({ name: file.name, data, text: await call("explain", { data, lang }), lang });
  } catch (e) {
    tell(`${file.name}: ${say("failed")} ${(e as Error).message}`);
  }
}

// Explained shows what a file says, in the language of the page.
export function Explained({ what, lang, close, tell }: { what: Explanation; lang: Lang; close: () => void; tell: (text: string) => void }) {
  const say = sayer(lang);
  const [text, setText] = useState(what.text);
  const [picture, setPicture] = useState("");
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), [what]);
  useEffect(() => {
    if (lang === what.lang) return setText(what.text);
    let gone = false;
    call("explain", { data: what.data, lang }).then((t) => !gone && setText(t), (e) => !gone && tell(`${what.name}: ${e.message}`));
    return () => { gone = true; };
  }, [what, lang]);
  useEffect(() => {
    if (!text.picture) return setPicture("");
    const url = URL.createObjectURL(new Blob([text.picture], { type: "image/svg+xml" }));
    setPicture(url);
    return () => URL.revokeObjectURL(url);
  }, [text]);
  return (
    <section class="card explained" aria-labelledby="explained">
      <div class="row">
        <h2 id="explained" tabIndex={-1} ref={head}>{say("explained")} {what.name}</h2>
        <button class="small" onClick={close}>{say("dismiss")}</button>
      </div>
      {text.broken && <p role="alert">{text.broken}</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label={say("explained")}>
        <pre>{text.text}</pre>
        {picture && <img src={picture} alt={say("pictureOf")} />}
      </div>
    </section>
  );
}
