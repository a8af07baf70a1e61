// Measures what the parts of a step in a long ladder cost, by themselves: the answer of the
// engine behind the page, and a browser that shows an address of so many letters.
// node web/test/cost.mjs TCPCLOSE
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const [command] = process.argv.slice(2);
const median = (list) => list.sort((x, y) => x - y)[Math.floor(list.length / 2)];

const server = spawn(command, ["explore", "no-data", "-listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
const address = String(await new Promise((done) => server.stdout.once("data", done))).trim().replace(/#.*/, "");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((p) => existsSync(p));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const path = "cas" + "ya0".repeat(1999);
  const times = [];
  let size = 0;
  for (let i = 0; i < 41; i++) {
    const ask = { setup: { base: "default" }, path: i % 2 ? path : path.slice(0, -3), full: path, lang: "en", loop: -1, ask: [], top: 1985, bottom: 2005 };
    const begin = performance.now();
    const r = await fetch(address + "api/scene", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(ask) });
    size = (await r.text()).length;
    times.push(performance.now() - begin);
  }
  console.log(`a scene of a run of 2,000 events, served: median ${median(times).toFixed(1)} ms, ${size} octets`);
  const page = await browser.newPage();
  await page.goto(address);
  await page.locator("#next").waitFor();
  for (const letters of [80, 1500, 8000]) {
    const cost = await page.evaluate(async (letters) => {
      const list = [];
      const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      for (let i = 0; i < 21; i++) {
        await frame();
        await new Promise((done) => setTimeout(done, 120));
        const begin = performance.now();
        history.replaceState(null, "", "#lang=en&p=" + String(i % 10).repeat(letters));
        await frame();
        list.push(performance.now() - begin);
      }
      return list;
    }, letters);
    console.log(`an address of ${letters} letters: median ${median(cost).toFixed(1)} ms until the next frame is over`);
  }
} finally {
  await browser.close();
  server.kill();
}
