// Compares the processor time of a check in the browser's engine with that of the command.
// Both run once after the other, several times; a ratio is that of a pair.
// node web/test/ratio.mjs TCPCLOSE PAGE.html [PRESET [TIMES]]
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import vm from "node:vm";

const [command, page, preset = "default", times = "3"] = process.argv.slice(2);

// engine runs the engine that the page has in it: this process is its worker.
async function engine() {
  const html = readFileSync(page, "utf8");
  const part = (id) => html.split(`id="${id}">`)[1].split("</script>")[0];
  vm.runInThisContext(part("engine-js"));
  const request = JSON.stringify({ setup: { base: preset }, lang: "en", kind: "", properties: null, ask: [] });
  globalThis.postMessage = ({ id, message }) => {
    const m = JSON.parse(message);
    if (id === "") return globalThis.onmessage({ data: { id: "1", method: "check", request } });
    if (m.progress) return;
    const { user, system } = process.cpuUsage();
    console.log(JSON.stringify({ seconds: (user + system) / 1e6, states: m.result.states }));
    process.exit(0);
  };
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(gunzipSync(Buffer.from(part("engine-wasm"), "base64")), go.importObject);
  await go.run(instance);
}

function native() {
  const r = spawnSync("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$0" check "$1" -workers 1 -json >&2', command, preset], { encoding: "utf8", maxBuffer: 1 << 28 });
  const [user, system] = r.stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { seconds: user + system, states: Number(r.stderr.match(/"(?:states|distinct)": ?(\d+)/)[1]) };
}

if (process.env.ENGINE) {
  await engine();
} else {
  const ratios = [];
  for (let i = 0; i < Number(times); i++) {
    const n = native();
    const w = JSON.parse(spawnSync(process.execPath, [process.argv[1], command, page, preset], { encoding: "utf8", env: { ...process.env, ENGINE: "1" } }).stdout);
    if (n.states !== w.states) throw new Error(`${n.states} states by the command, ${w.states} by the engine`);
    ratios.push(w.seconds / n.seconds);
    console.log(`${preset}: ${n.states} states; command ${n.seconds.toFixed(1)} s, engine ${w.seconds.toFixed(1)} s: ${ratios.at(-1).toFixed(2)}`);
  }
  ratios.sort((x, y) => x - y);
  const median = ratios[Math.floor(ratios.length / 2)];
  console.log(`median ${median.toFixed(2)}`);
  process.exit(median <= 5 ? 0 : 1);
}
