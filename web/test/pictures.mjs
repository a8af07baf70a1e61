// Takes the pictures of docs/explore.md, all of one build.
// node web/test/pictures.mjs TCPCLOSE FOLDER [all]: with "all" each view in each width and
// colour, to be looked at.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const [command, folder, all] = process.argv.slice(2);

const sizes = { wide: { width: 1280, height: 900 }, middle: { width: 768, height: 1024 }, narrow: { width: 360, height: 740 } };

// A view is an address, and what is done there until it shows what it has.
const click = (name) => async (page) => { await page.getByRole("button", { name, exact: true }).click(); };
const views = {
  step: { hash: "#base=no-data&p=caccbcda0db0&ask=a.state+%3D%3D+CLOSING+%26%26+b.rtx+%3E+0" },
  box: { hash: "#base=no-data&f.box=conntrack&f.capacity=1&p=cacda0" },
  ask: { hash: "#base=no-data&view=ask", does: [click(/^(Check every property|检查所有性质)$/), (page) => page.locator("#counts").waitFor({ timeout: 60_000 }), (page) => page.evaluate(() => document.querySelector("#counts").closest("section").scrollIntoView())] },
  map: { hash: "#base=no-data&view=map&p=cacda0cbcdb1&ask=a.state+%3D%3D+CLOSING", does: [click(/^(Explore all of it|全部探索)$/), click(/^(Measure|测量)$/), (page) => page.locator("[data-way=CLOSED]").waitFor({ timeout: 60_000 }), (page) => page.locator(".quotient svg").waitFor({ timeout: 60_000 })] },
  graph: { hash: "#base=no-data&view=map&p=cacda0cbcdb1", does: [click(/^(Explore all of it|全部探索)$/), (page) => page.locator(".quotient svg").waitFor({ timeout: 60_000 }), (page) => page.evaluate(() => document.querySelector(".quotient").scrollIntoView())] },
  lesson: { hash: "#view=lesson" },
  notes: { hash: "#base=no-data&view=notes", does: [(page) => page.locator(".notes form button").first().click(), (page) => page.locator(".notes h3").first().waitFor({ timeout: 60_000 })] },
};

// What docs/explore.md shows.
const shown = [
  ["step", "wide", "light", "en"], ["step", "narrow", "dark", "zh"], ["box", "wide", "light", "en"], ["ask", "wide", "light", "en"],
  ["map", "wide", "dark", "en"], ["graph", "wide", "light", "en"], ["lesson", "middle", "light", "en"], ["notes", "wide", "dark", "en"],
];
const every = Object.keys(views).flatMap((v) => Object.keys(sizes).flatMap((s) => ["light", "dark"].map((c) => [v, s, c, c === "light" ? "en" : "zh"])));

const server = spawn(command, ["explore", "no-data", "-listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
const address = String(await new Promise((done) => server.stdout.once("data", done))).trim().replace(/#.*/, "");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((p) => existsSync(p));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
mkdirSync(folder, { recursive: true });
try {
  for (const [view, size, colorScheme, lang] of all ? every : shown) {
    const page = await (await browser.newContext({ viewport: sizes[size], colorScheme })).newPage();
    await page.goto(address + views[view].hash + "&lang=" + lang);
    await page.locator("#next, .asking, .maps, .claims li").first().waitFor({ timeout: 60_000 });
    for (const does of views[view].does ?? []) await does(page);
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.activeElement?.blur());
    await page.waitForTimeout(200);
    await page.screenshot({ path: `${folder}/${view}-${size}-${colorScheme}.png` });
    await page.context().close();
  }
} finally {
  await browser.close();
  server.kill();
}
