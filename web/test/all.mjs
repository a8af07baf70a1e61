// Drives the page in Chromium: served by the command, and as one file from the disk.
// node web/test/all.mjs TCPCLOSE [PAGE.html] [PICTURES]
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync, existsSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const command = process.env.TCPCLOSE ?? "./tcpclose";
const file = process.env.PAGE; // the one-file form
const pictures = process.env.PICTURES;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser, server, address;

before(async () => {
  server = spawn(command, ["explore", "no-data", "-listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  address = await new Promise((done, fail) => {
    server.stdout.once("data", (text) => done(String(text).trim()));
    server.once("exit", (code) => fail(new Error(`tcpclose explore: exit ${code}`)));
  });
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((p) => existsSync(p));
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  server?.kill();
});

const host = () => address.replace(/#.*/, "");

async function open(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.problems = [];
  page.outside = [];
  page.on("pageerror", (e) => page.problems.push(String(e)));
  page.on("console", (m) => m.type() === "error" && page.problems.push(m.text()));
  page.on("request", (r) => !r.url().startsWith(host()) && !/^(data|blob|file):/.test(r.url()) && page.outside.push(r.url()));
  await page.goto(url);
  await page.locator("#next, [role=alert], .asking, .maps").first().waitFor({ timeout: 60_000 });
  return page;
}

async function close(page) {
  assert.deepEqual(page.problems, []);
  assert.deepEqual(page.outside, [], "no request leaves the page");
  await page.context().close();
}

// choose takes an event by the words that a person sees.
async function choose(page, group, words) {
  const at = Number(await page.locator("#at").textContent());
  await page.getByRole("group", { name: group, exact: true }).getByRole("button", { name: words }).first().click();
  await page.waitForFunction((n) => document.getElementById("at")?.textContent === String(n) && document.querySelector("[data-state]"), at + 1);
  await page.waitForTimeout(60);
}

const state = (page, side) => page.locator(`[data-state=${side}]`).textContent();
const states = async (page, a, b) => {
  await page.waitForFunction(([a, b]) => document.querySelector("[data-state=a]")?.textContent === a && document.querySelector("[data-state=b]")?.textContent === b, [a, b], { timeout: 60_000 });
};

async function simultaneous(page) {
  await choose(page, "End a", "CLOSE");
  await choose(page, "End b", "CLOSE");
  await choose(page, "Network", /^deliver 1\. FIN,ACK 100:300/);
  await choose(page, "Network", /^deliver 2\. FIN,ACK 300:100/);
  await states(page, "CLOSING", "CLOSING");
  await choose(page, "Network", /^deliver 3\. ACK 301:101/);
  await choose(page, "Network", /^deliver 4\. ACK 101:301/);
  await states(page, "TIME-WAIT", "TIME-WAIT");
}

test("to simultaneous close by hand: figure 13 stands there", async () => {
  const page = await open(host());
  await simultaneous(page);
  const segments = await page.locator("svg text.segment").allTextContents();
  assert.equal(segments.length, 4);
  assert.match(segments[0], /FIN,ACK .*100.*300/);
  const events = await page.locator(".rows button").evaluateAll((l) => l.map((b) => b.getAttribute("aria-label")));
  assert.equal(events.length, 6);
  assert.match(events[3], /b: CLOSING|a: CLOSING/);
  // Any point of the ladder, undo and redo, by keys and by the ladder.
  await page.keyboard.press("Home");
  await states(page, "ESTABLISHED", "ESTABLISHED");
  await page.keyboard.press("ArrowRight");
  await states(page, "FIN-WAIT-1", "ESTABLISHED");
  await page.keyboard.press("End");
  await states(page, "TIME-WAIT", "TIME-WAIT");
  await page.getByRole("button", { name: /^Event 4/ }).click();
  await states(page, "CLOSING", "CLOSING");
  await close(page);
});

test("a question lands in its run, and a violation in its counterexample", async () => {
  const page = await open(host() + "#base=no-data&view=ask&lang=en");
  await page.getByRole("textbox", { name: "Expression" }).or(page.getByRole("combobox", { name: "Expression" })).fill("a.state == CLOSING");
  await page.getByRole("button", { name: "Ask", exact: true }).last().click();
  await page.getByRole("button", { name: /Open the run: a.state == CLOSING/ }).click();
  assert.equal(await state(page, "a"), "CLOSING");
  await page.getByRole("button", { name: "Ask", exact: true }).first().click();
  await page.getByRole("button", { name: "Check every property" }).click();
  await page.locator("#counts").waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: /Open the run: time-wait-unbroken/ }).click();
  await page.locator('[data-broken="time-wait-unbroken"]').waitFor();
  assert.match(await page.locator('[data-broken="time-wait-unbroken"]').textContent(), /broken by event 7/);
  await close(page);
});

test("what is wrong with an expression is said where it stands", async () => {
  const page = await open(host());
  const box = page.getByLabel("Expressions here").getByLabel("Expression", { exact: true });
  await box.fill("a.state = CLOSED");
  await page.getByRole("button", { name: "Watch" }).click();
  await page.getByLabel("Expressions here").getByRole("alert").waitFor();
  await box.fill("a.state == CLOSED && b.state == ESTABLISHED");
  await page.getByRole("button", { name: "Watch" }).click();
  const parts = page.locator(".parts li");
  await parts.first().waitFor();
  assert.match(await parts.nth(0).textContent(), /✗ a.state == CLOSED a.state = ESTABLISHED false/);
  assert.match(await parts.nth(1).textContent(), /✓ b.state == ESTABLISHED/);
  await close(page);
});

test("take me there from the middle; and a shared address", async () => {
  const page = await open(host() + "#base=no-data&p=caccbc&ask=" + encodeURIComponent("a.state == TIME_WAIT && b.state == TIME_WAIT") + "&lang=en");
  await page.getByRole("button", { name: /Take me there: a.state == TIME_WAIT/ }).click();
  await states(page, "TIME-WAIT", "TIME-WAIT");
  assert.match(page.url(), /p=caccbc\w{12}(&|$)/);
  const other = await open(page.url());
  await states(other, "TIME-WAIT", "TIME-WAIT");
  assert.equal(await other.locator(".answers strong.yes").first().textContent(), "true");
  await close(other);
  await page.keyboard.press("Home");
  await page.waitForFunction(() => /at=0/.test(location.hash));
  const again = await open(page.url());
  await states(again, "ESTABLISHED", "ESTABLISHED");
  assert.equal(await again.locator("#at").textContent(), "0");
  await close(again);
  await close(page);
});

test("both languages, switched in place", async () => {
  const page = await open(host() + "#base=no-data&p=cac&lang=en");
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("heading", { name: "接下来可能发生的事" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh");
  await page.getByText("CLOSE：").first().waitFor();
  assert.equal(await state(page, "a"), "FIN-WAIT-1");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "What can happen next" }).waitFor();
  await close(page);
});

test("a hostile address gives a message, and a way on", async () => {
  for (const hash of ["#base=nowhere", "#p=zzz&lang=en", "#p=da0", "#base=no-data&f.msl=-1", "#p=%00%ff&at=1e9", "#p=" + "k".repeat(40_000), "#loop=3&p=cac", "#ask=" + "(".repeat(3000)]) {
    const page = await open(host() + hash);
    await page.locator("[role=alert]").first().waitFor();
    const afresh = page.getByRole("button", { name: /Begin afresh|重新开始/ });
    if (await afresh.count()) {
      await afresh.click();
      await states(page, "ESTABLISHED", "ESTABLISHED");
    }
    await close(page);
  }
});

test("a trace that the command wrote is opened, and what the page saves is one", async () => {
  const page = await open(host() + "#base=no-data&p=caccbcda0&lang=en");
  const wait = page.waitForEvent("download");
  await page.getByRole("group", { name: "Save as" }).getByRole("button", { name: "json" }).click();
  const saved = await (await wait).path();
  const replay = spawn(command, ["replay", saved], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  replay.stdout.on("data", (t) => (text += t));
  assert.equal(await new Promise((done) => replay.on("exit", done)), 0);
  assert.match(text, /The trace replays: 3 events/);
  await page.goto(host() + "#base=linux&lang=en");
  await page.locator('input[type="file"]').setInputFiles(saved);
  await states(page, "FIN-WAIT-1", "CLOSING");
  await page.locator('input[type="file"]').setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from('{"format":') });
  await page.locator('.card [role=status]').filter({ hasText: "That did not work" }).waitFor();
  await close(page);
});

// measure returns how long the longest of some steps takes until it is drawn.
async function measure(page, keys) {
  const times = [];
  for (const key of keys) {
    times.push(await page.evaluate((key) => new Promise((done) => {
      const at = document.getElementById("at").textContent;
      const begin = performance.now();
      const look = new MutationObserver(() => {
        if (document.querySelector("svg .cursor") && window.__y !== document.querySelector("svg .cursor").getAttribute("y1")) {
          window.__y = document.querySelector("svg .cursor").getAttribute("y1");
          look.disconnect();
          requestAnimationFrame(() => done(performance.now() - begin));
        }
      });
      window.__y = document.querySelector("svg .cursor").getAttribute("y1");
      look.observe(document.body, { subtree: true, attributes: true, childList: true, characterData: true });
      window.dispatchEvent(new Event("x"));
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      setTimeout(() => done(performance.now() - begin), 3000);
    }), key));
  }
  return times.sort((x, y) => x - y);
}

// A ladder of 2,000 events: a sends an octet, and the network copies it again and again.
const long = "#base=default&lang=en&p=cas" + "ya0".repeat(1999);

test("a step and undo in a ladder of 2,000 events", async () => {
  const page = await open(host() + long);
  assert.equal(await page.locator("#at").textContent(), "2000");
  assert.ok((await page.locator("svg [data-event]").count()) < 100, "only what is in sight is there");
  const times = await measure(page, Array.from({ length: 20 }, (_, i) => (i % 2 ? "ArrowRight" : "ArrowLeft")));
  console.log(`2,000 events, served: median ${times[10].toFixed(0)} ms, greatest ${times[19].toFixed(0)} ms`);
  assert.ok(times[10] < 50 * (Number(process.env.SLOW) || 1), `${times[10]} ms`);
  await close(page);
});

const sizes = [["wide", { width: 1280, height: 900 }], ["narrow", { width: 360, height: 740 }]];
const places = {
  step: "#base=no-data&p=caccbcda0db0&ask=a.state+%3D%3D+CLOSING+%26%26+b.rtx+%3E+0&lang=en",
  ask: "#base=no-data&view=ask&lang=en",
  map: "#base=no-data&view=map&p=cacda0cbcdb1&lang=en",
  lesson: "#view=lesson&lang=en",
  chinese: "#base=no-data&p=cacda0&lang=zh",
};

test("nothing serious for axe, in light and dark, wide and narrow", async () => {
  for (const [size, viewport] of sizes) for (const colorScheme of ["light", "dark"]) for (const [name, hash] of Object.entries(places)) {
    const page = await open(host() + hash, { viewport, colorScheme });
    if (name === "ask") {
      await page.getByRole("button", { name: "Check every property" }).click();
      await page.locator("#counts").waitFor({ timeout: 60_000 });
    }
    if (name === "map") {
      await page.getByRole("button", { name: "Explore all of it" }).click();
      await page.locator(".pairs").waitFor({ timeout: 60_000 });
    }
    await page.waitForTimeout(150);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} ${size}: no sideways scrolling`);
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: `${pictures}/explore-${name}-${size}-${colorScheme}.png` });
    }
    // The page lets nothing in from elsewhere: axe comes by the protocol of the browser.
    const client = await page.context().newCDPSession(page);
    await client.send("Runtime.evaluate", { expression: axe });
    const found = await page.evaluate(() => globalThis.axe.run());
    const serious = found.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
    assert.deepEqual(serious.map((v) => `${name} ${size} ${colorScheme}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120) + " " + (n.any[0]?.message ?? "")).join(" | ")}`), []);
    await close(page);
  }
});

// Each task of the lesson by visible names alone, in at most twelve actions.
const solutions = [
  [["End a", "CLOSE"], ["Network", /^deliver 1/], ["Network", /^deliver 2/], ["End b", "CLOSE"], ["Network", /^deliver 3/], ["Network", /^deliver 4/]],
  [["End a", "CLOSE"], ["Network", /^lose 1/], ["End a", "RETRANSMISSION"], ["Network", /^deliver 2/]],
  [["End a", "CLOSE"], ["Network", /^deliver 1/], ["Network", /^deliver 2/], ["End b", "CLOSE"], ["Network", /^deliver 3/], ["Network", /^lose 4/], ["End b", "RETRANSMISSION"]],
  [["End a", "CLOSE"], ["End b", "CLOSE"], ["Network", /^deliver 1/], ["Network", /^deliver 2/]],
  [["End a", "CLOSE"], ["Network", /^deliver 1/], ["Network", /^deliver 2/]],
  [["End a", "CLOSE"], ["Network", /^deliver 1/], ["End b", "CLOSE"], ["Network", /^deliver 3/], ["Network", /^deliver, and keep a copy 4/], ["Network", /^deliver 4/], ["Network", /^deliver 5/]],
  null, // by "take me there"
];

test("each task of the lesson, by visible names, in at most twelve actions", async () => {
  const page = await open(host() + "#base=no-data&lang=en");
  await page.getByRole("button", { name: "Lesson", exact: true }).click();
  for (const [i, solution] of solutions.entries()) {
    await page.getByRole("navigation", { name: "Lesson" }).getByRole("button", { name: String(i + 1), exact: true }).click();
    await page.getByRole("heading", { name: `Task ${i + 1}:` }).waitFor();
    await page.waitForFunction(() => document.getElementById("solved").dataset.solved === "false");
    if (solution) {
      assert.ok(solution.length <= 12);
      for (const [group, words] of solution) {
        // A retransmission that is not due yet: time goes on until it is.
        for (let n = 0; words === "RETRANSMISSION" && n < 8 && !(await page.getByRole("group", { name: group, exact: true }).getByRole("button", { name: words }).count()); n++) await choose(page, "Time", /time goes on/);
        await choose(page, group, words);
      }
      assert.ok(Number(await page.locator("#at").textContent()) <= 12, `task ${i + 1}`);
    } else {
      await page.getByRole("button", { name: /^Take me there: b.ended == TIMED_OUT/ }).click();
    }
    await page.waitForFunction(() => document.getElementById("solved").dataset.solved === "true", undefined, { timeout: 30_000 });
  }
  await close(page);
});

test("the one-file form from the disk", { skip: !file && "PAGE is not given" }, async () => {
  const began = performance.now();
  const page = await open(pathToFileURL(resolve(file)).href + "#base=no-data&lang=en");
  console.log(`one file: the first scene after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  await simultaneous(page);
  await page.goto(pathToFileURL(resolve(file)).href + long);
  await page.waitForFunction(() => document.getElementById("at")?.textContent === "2000" && document.querySelectorAll("svg [data-event]").length > 3);
  const times = await measure(page, Array.from({ length: 20 }, (_, i) => (i % 2 ? "ArrowRight" : "ArrowLeft")));
  console.log(`2,000 events, one file: median ${times[10].toFixed(0)} ms, greatest ${times[19].toFixed(0)} ms`);
  await close(page);
});

// The presets that the engine in the browser is compared on with the command.
const presets = (process.env.PRESETS ?? "no-data,abort,literal").split(",");

test("the engine in the browser has the command's verdicts, counts and traces", { skip: !file && "PAGE is not given" }, async () => {
  const page = await open(pathToFileURL(resolve(file)).href + "#base=no-data&lang=en&view=ask");
  for (const preset of presets) {
    const native = await fetch(host() + "api/check", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ setup: { base: preset }, lang: "en", kind: "", properties: null, ask: [] }) });
    const want = JSON.parse((await native.text()).trim().split("\n").at(-1)).result;
    await page.getByRole("combobox", { name: "Preset or profile" }).selectOption(preset);
    await page.waitForFunction((p) => document.querySelector(".asking h2")?.textContent.includes(p), preset);
    await page.getByRole("button", { name: "Check every property" }).click();
    let lively = 0;
    for (;;) {
      await page.waitForTimeout(250);
      lively++; // the page answers while the worker searches
      if (await page.locator("#counts").count()) break;
      assert.equal(await page.locator(".asking [role=alert]").count(), 0);
    }
    assert.equal(Number(await page.locator("#counts").getAttribute("data-states")), want.states, preset);
    const verdicts = await page.locator(".findings li").evaluateAll((l) => l.map((li) => [li.querySelector("strong").textContent, li.dataset.verdict]));
    assert.deepEqual(verdicts, want.findings.map((f) => [f.name, f.verdict]), preset);
    for (const f of want.findings.filter((f) => f.setup)) {
      await page.getByRole("button", { name: `Open the run: ${f.name}`, exact: true }).click();
      await page.waitForFunction((p) => new URLSearchParams(location.hash.slice(1)).get("p") === p, f.path, { timeout: 10_000 });
      await page.goBack();
      await page.locator(".asking").waitFor();
      break; // coming back forgets the verdicts: the first trace is compared
    }
    console.log(`${preset}: ${want.states} states; the page looked ${lively} times`);
  }
  await close(page);
});
