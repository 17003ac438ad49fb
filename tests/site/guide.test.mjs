// Guided mode: every outcome of every workflow of content-example, on the workflow's page,
// with calls, handovers, the way back, the address, the note, keys and without a network.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folder, locales } from "./sites.mjs";
import { clipboard, desktop, faintTexts, launch, open, phone, violations } from "./browser.mjs";
import { serve } from "./server.mjs";

const root = folder("agents");
let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(root);
});
after(async () => {
  await browser?.close();
  server?.close();
});

const title = (page) => page.locator(".kb-guide-body h2").innerText();
const pathOf = (page) => new URL(page.url()).hash.replace(/@.*/, "");
const choose = async (page, name) => {
  const before = page.url();
  await page.locator(`.kb-choice:has(kbd:text-is("${name}"))`).click();
  await page.waitForFunction((url) => location.href !== url, before);
  await settled(page);
};
// The guide shows what the address says.
const settled = (page) => page.waitForFunction(() => {
  const path = /^#kb-path=(?:[^:]*:)?([^@]*)/.exec(location.hash)?.[1] ?? "";
  return document.querySelector(".kb-guide")?.dataset.path === path;
});

// Walks through all answers of a page's workflow, each step once.
async function outcomes(page, locale, name) {
  const address = `${server.url}${locale}/workflows/${name}/`;
  const found = [], seen = new Set(), paths = [[]];
  await page.goto(address);
  while (paths.length) {
    const path = paths.pop();
    if (path.length) await page.evaluate((hash) => { location.hash = hash; }, `#kb-path=${path.join(".")}`);
    await settled(page);
    const shown = await page.evaluate(() => ({
      end: document.querySelector(".kb-end")?.innerText,
      flow: document.querySelector(".kb-guide").ariaLabel,
      title: document.querySelector(".kb-guide-body h2").innerText,
      answers: document.querySelectorAll("ol.kb-choices > li").length,
      note: document.querySelector(".kb-note pre").textContent,
    }));
    if (shown.end) {
      found.push({ path, ...shown });
      continue;
    }
    if (seen.has(shown.flow + shown.title)) continue;
    seen.add(shown.flow + shown.title);
    assert.ok(shown.answers > 0, `${name} ${path}: '${shown.title}' has answers`);
    for (let i = shown.answers; i; i--) paths.push([...path, i]);
  }
  return found;
}

for (const locale of locales)
  test(`${locale}: each outcome of each workflow is reached, and the way back`, async () => {
    const page = await open(browser);
    for (const name of readdirSync(join(root, locale, "workflows"))) {
      if (name.startsWith("index.html")) continue;
      const found = await outcomes(page, locale, name);
      assert.ok(found.length > 1, `${locale} ${name}: ${found.length} outcomes`);
      for (const { path, end, note } of found) {
        assert.ok(note.includes(end.trim()), `${name} ${path}: '${end}' is in the note`);
        assert.equal(note.match(/^\d+\. /gm).length, path.length, `${name} ${path}: ${note}`);
      }
      const { path, end } = found.at(-1);
      await page.evaluate((hash) => { location.hash = hash; }, `#kb-path=${path.join(".")}`);
      await settled(page);
      assert.equal(await title(page), end);
      for (let i = path.length; i; i--) {
        await page.locator("[data-tool=back]").click();
        await settled(page);
      }
      assert.equal(pathOf(page), "#kb-path=");
    }
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test("a call leads into another workflow and back, and the note says so", async () => {
  const page = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(server.url + "en/workflows/parcel-missing/");
  const first = await title(page);
  await choose(page, "C");
  assert.match(await page.locator(".kb-guide-flow").innerText(), /Verify the caller/);
  await page.locator(".kb-diagram .kb-now", { hasText: "facts" }).waitFor();
  await choose(page, "1");
  await choose(page, "1");
  assert.equal(await title(page), first, "resolved leads back to the step");
  assert.ok(await page.locator(".kb-choice.kb-done").count(), "the call is marked as done");
  await choose(page, "1");
  await page.locator(".kb-note summary").click();
  await page.locator(".kb-note input").fill("4711");
  await page.locator("[data-note=markdown]").click();
  const note = await clipboard(page, /\*\*Case number:\*\* 4711/);
  assert.match(note, /→ Verify the caller \(revision [0-9a-f]{10}\)\n\n1\. Ask for two facts: Two facts match/);
  assert.match(note, /← Parcel has not arrived/);
  assert.match(note, /\*\*Outcome:\*\* not finished: /);
  // Not resolved: the agent decides, and nothing else can follow.
  await page.goto(server.url + "en/workflows/parcel-missing/#kb-path=c.3.2.1");
  await page.locator("[data-part=changed]").waitFor();
  assert.equal(await page.locator(".kb-trail li").count(), 3);
  await page.goto(server.url + "en/workflows/parcel-missing/#kb-path=c.3.2");
  await settled(page);
  assert.ok(await page.locator(".kb-end").count());
  await choose(page, "B");
  assert.equal(await title(page), first);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("an address opens the same path in a new tab, and says when the workflow changed", async () => {
  const page = await open(browser);
  await page.goto(server.url + "en/workflows/descaling-message/");
  for (const name of ["2", "2", "1"]) await choose(page, name);
  const [url, step] = [page.url(), await title(page)];
  assert.match(url, /#kb-path=2\.2\.1@[0-9a-f]{10}$/);
  const again = await page.context().newPage();
  await again.goto(url);
  await settled(again);
  assert.equal(await title(again), step);
  assert.equal(await again.evaluate(() => document.activeElement.textContent), step);
  assert.equal(await again.locator("[data-part=changed]").isVisible(), false);
  const old = await page.context().newPage();
  await old.goto(url.replace(/@.*/, "@0000000000"));
  await old.locator("[data-part=changed]").waitFor();
  await old.goto(url.replace("=2.2.1", "=2.9.1"));
  await old.reload();
  await old.locator("[data-part=changed]").waitFor();
  await page.goBack();
  await settled(page);
  assert.match(page.url(), /#kb-path=2\.2@/, "the browser's Back takes one answer back");
  // The same path in another language.
  await page.locator(".kb-lang summary").click();
  await page.locator(".kb-lang a[lang=de]").click();
  await page.waitForURL(/\/de\/.*#kb-path=2\.2$/);
  await settled(page);
  await page.context().close();
});

test("by keyboard only, with the focus on each step's heading", async () => {
  const page = await open(browser);
  await page.goto(server.url + "en/workflows/leak/");
  await page.keyboard.press("1");
  await settled(page);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  assert.equal(await focused(), await title(page));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(pathOf(page), "#kb-path=1.1");
  await page.keyboard.press("u");
  await settled(page);
  assert.equal(pathOf(page), "#kb-path=1");
  await page.locator(".kb-note summary").click();
  await page.locator(".kb-note input").fill("12");
  assert.equal(pathOf(page), "#kb-path=1", "keys typed into a field answer nothing");
  await page.locator(".kb-guide-keys input").uncheck();
  await page.keyboard.press("1");
  assert.equal(pathOf(page), "#kb-path=1", "keys can be turned off");
  await page.context().close();
});

test("the step's report names step and revision", async () => {
  const page = await open(browser);
  await page.goto(server.url + "en/workflows/leak/#kb-path=1");
  await settled(page);
  const href = decodeURIComponent(await page.locator("[data-tool=report]").getAttribute("href"));
  assert.match(href, /Find the place – Machine leaks/);
  assert.match(href, /en\/leak#place \([0-9a-f]{40}\)/);
  await page.context().close();
});

test("all steps and the diagram scroll together, and a step's address shows it", async () => {
  const page = await open(browser);
  await page.goto(server.url + "en/workflows/parcel-missing/");
  await page.locator("[data-tool=all]").click();
  await page.locator(".kb-steps").waitFor();
  assert.equal(await page.locator(".kb-guide").isVisible(), false);
  await page.locator("#kb-steps > li").last().evaluate((item) => item.scrollIntoView({ behavior: "instant" }));
  await page.waitForFunction(() => {
    const [now, figure] = [".kb-now", ".kb-diagram"].map((s) => document.querySelector(s)?.getBoundingClientRect());
    const last = [...document.querySelectorAll(".kb-step h2")].at(-1).textContent.replace(/\s/g, "");
    return document.querySelector(".kb-now").textContent.replace(/\s/g, "").includes(last)
      && now.top >= figure.top && now.bottom <= figure.bottom;
  });
  await page.goto(server.url + "en/workflows/refund-case/#approve");
  assert.equal(await page.locator(".kb-guide").isVisible(), false);
  assert.equal(await page.locator("#approve").isVisible(), true);
  await page.locator(".kb-guide-start a").click();
  await page.locator(".kb-guide").waitFor();
  await page.context().close();
});

test("from the file system, calls and handovers work", async () => {
  const page = await open(browser);
  await page.goto(pathToFileURL(join(root, "en/workflows/damage-claim/index.html")).href + "#kb-path=3.c.1.1.1.2");
  await settled(page);
  assert.match(await page.locator(".kb-guide-flow").innerText(), /Refund/);
  assert.match(await page.locator(".kb-note pre").textContent(), /^→ Refund \(revision/m);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("without scripts, in print, on a phone: all is there, and nothing is too wide", async () => {
  let page = await open(browser, { javaScriptEnabled: false });
  await page.goto(server.url + "en/workflows/leak/");
  assert.ok(await page.locator(".kb-steps > li").last().isVisible());
  await page.context().close();
  page = await open(browser, { viewport: { width: 320, height: 640 } });
  for (const path of ["", "#kb-path=1", "#kb-path=2", "#kb-path=1.1.1"]) {
    await page.goto(server.url + "de/workflows/leak/" + path);
    await settled(page);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320);
    const sizes = await page.locator(".kb-choice").evaluateAll((all) => all.map((a) => a.getBoundingClientRect().height));
    assert.ok(sizes.every((size) => size >= 44), `targets of ${sizes}`);
  }
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".kb-steps > li").last().isVisible());
  assert.equal(await page.locator(".kb-guide").isVisible(), false);
  await page.context().close();
});

test("axe finds nothing in a step, a call, an end and the large diagram", async () => {
  for (const viewport of [desktop, phone])
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(browser, { viewport, colorScheme });
      const find = colorScheme === "light" ? violations : faintTexts;
      for (const path of ["#kb-path=1", "#kb-path=c.1", "#kb-path=1.1", "#kb-steps"]) {
        await page.goto(server.url + "en/workflows/parcel-missing/" + path);
        if (path !== "#kb-steps") await settled(page);
        assert.deepEqual(await find(page), [], `${path} ${colorScheme}`);
      }
      await page.locator(".kb-enlarge").click();
      assert.deepEqual(await find(page), [], "the large diagram");
      await page.context().close();
    }
});
