// Every diagram and journey of content-example, in a real browser, with whatever sans-serif
// there is: no text is wider than its box, cut off, on top of another, or too small to read.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { folder, htmlFiles } from "./sites.mjs";
import { desktop, launch, open, phone } from "./browser.mjs";
import { serve } from "./server.mjs";

const root = folder("agents");
const pages = htmlFiles(root)
  .filter((file) => readFileSync(file, "utf8").includes('class="kb-map'))
  .map((file) => relative(root, file));
let browser;
let server;

before(async () => {
  browser = await launch();
  server = await serve(root);
});
after(async () => {
  await browser?.close();
  server?.close();
});

// Runs in the page. What is wrong with its diagrams, as texts.
function faults() {
  const found = [];
  const meet = (a, b) => Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1
    && Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 1;
  for (const map of document.querySelectorAll(".kb-map")) {
    const frame = map.getBoundingClientRect();
    const texts = [...map.querySelectorAll("text")];
    const place = (element) => element.getBoundingClientRect();
    for (const text of texts) {
      const { left, top, right, bottom } = place(text);
      const size = parseFloat(getComputedStyle(text).fontSize) * map.getScreenCTM().a;
      if (size < 11) found.push(`${size.toFixed(1)} px: ${text.textContent}`);
      if (left < frame.left || top < frame.top || right > frame.right || bottom > frame.bottom)
        found.push(`cut off: ${text.textContent}`);
      const shape = text.closest(".node")?.querySelector("polygon, ellipse, path");
      if (!shape) continue;
      const box = text.getBBox();
      const inset = box.height / 4; // ascenders and descenders may reach a slanted side
      for (const px of [box.x, box.x + box.width])
        for (const py of [box.y + inset, box.y + box.height - inset])
          if (!shape.isPointInFill(new DOMPoint(px, py)))
            found.push(`wider than its box: ${text.textContent}`);
    }
    for (const label of map.querySelectorAll(".edge text"))
      for (const other of texts)
        if (other.parentNode !== label.parentNode && meet(place(label), place(other)))
          found.push(`'${label.textContent}' on '${other.textContent}'`);
  }
  return found;
}

const screens = { desktop, wide: { width: 1600, height: 900 }, phone };
for (const [name, viewport] of Object.entries(screens)) {
  test(`diagrams can be read: ${name}`, async () => {
    const page = await open(browser, { viewport });
    const found = [];
    for (const path of pages) {
      await page.goto(server.url + path);
      for (const fault of await page.evaluate(faults)) found.push(`${path}: ${fault}`);
    }
    assert.ok(pages.length > 40, `${pages.length} pages with a diagram`);
    assert.deepEqual(found, []);
    await page.context().close();
  });
}

// Runs in the page. Edges that run along a box which they do not join.
function touching() {
  const found = [];
  const map = document.querySelector(".kb-flow .kb-map");
  const boxes = [...map.querySelectorAll(".node")].map((node) =>
    ({ box: node.querySelector("polygon").getBBox(), name: node.textContent.trim() }));
  for (const edge of map.querySelectorAll(".edge")) {
    const path = edge.querySelector("path");
    const length = path.getTotalLength();
    for (const { box: { x, y, width, height }, name } of boxes) {
      const near = (at, distance) => {
        const p = path.getPointAtLength(at);
        return p.x > x - distance && p.x < x + width + distance
          && p.y > y - distance && p.y < y + height + distance;
      };
      if (near(0, 4) || near(length, 14)) continue;
      let run = 0;
      for (let at = 0; at <= length; at += 2) run += near(at, 5) ? 2 : 0;
      if (run > 40) found.push(`${edge.textContent.trim()} along ${name}: ${run}`);
    }
  }
  return found;
}

test("edges keep off the boxes that they do not join", async () => {
  const page = await open(browser);
  const found = [];
  for (const path of pages.filter((name) => /workflows/.test(name))) {
    await page.goto(server.url + path);
    for (const fault of await page.evaluate(touching)) found.push(`${path}: ${fault}`);
  }
  assert.deepEqual(found, []);
  await page.context().close();
});

test("without scripts, a diagram fills the screen and closes where the reader was", async () => {
  const page = await open(browser, { javaScriptEnabled: false });
  const figure = page.locator("#kb-diagram");
  const size = async () => (await figure.boundingBox()).width;
  await page.goto(server.url + "en/workflows/parcel-missing/");
  const beside = await size();
  const drawn = (await figure.locator("svg").boundingBox()).width;
  await page.evaluate(() => scrollTo({ top: 900, behavior: "instant" }));
  const place = () => page.evaluate(() => scrollY);
  const before = await place();
  await page.locator(".kb-enlarge").click();
  assert.equal(await size(), desktop.width);
  assert.ok((await figure.locator("svg").boundingBox()).width > drawn * 1.5, "it is larger");
  await page.locator(".kb-close").click();
  assert.equal(await size(), beside);
  assert.equal(await place(), before);
  await page.locator(".kb-enlarge").click();
  await figure.locator(".kb-step a").last().click();
  assert.equal(await size(), beside, "a step closes it");
  assert.match(page.url(), /#(?!kb-)/);
  await page.context().close();
});

test("a diagram opens large: it fits, zooms, moves, and gives the focus back", async () => {
  for (const viewport of [desktop, phone]) {
    const page = await open(browser, { viewport });
    await page.goto(server.url + "en/workflows/leak/");
    const svg = page.locator(".kb-zoom svg");
    const size = async () => (await svg.boundingBox()).width;
    const opener = page.locator(viewport === phone ? ".kb-jump a" : ".kb-enlarge");
    const beside = (await page.locator("#kb-diagram svg").boundingBox()).width;
    await opener.click();
    await svg.waitFor();
    if (viewport === desktop) assert.ok(await size() > beside * 1.2, "it is larger");
    await page.locator("[data-zoom=fit]").click();
    const fit = await size();
    const { width, height } = await svg.boundingBox();
    assert.ok(width <= viewport.width && height <= viewport.height, "it fits the screen");
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    assert.ok(await size() > fit * 1.5);
    await page.keyboard.press("-");
    await page.keyboard.press("0");
    assert.equal(Math.round(await size()), Math.round(fit));
    for (let i = 0; i < 6; i++) await page.locator("[data-zoom=in]").click();
    const box = page.locator(".kb-zoom-box");
    const left = () => box.evaluate((element) => element.scrollLeft);
    const before = await left();
    await page.mouse.move(200, 400);
    await page.mouse.down();
    await page.mouse.move(120, 380);
    await page.mouse.up();
    assert.ok(Math.abs(await left() - before) > 40, "it is dragged");
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    assert.ok(await opener.evaluate((element) => element === document.activeElement));
    assert.equal(await page.locator("#kb-diagram svg").count(), 1);
    await opener.click();
    await svg.waitFor();
    await page.locator("[data-zoom=fit]").click();
    await page.locator(".kb-zoom .kb-step a").last().click();
    await page.locator("dialog").waitFor({ state: "detached" });
    assert.ok(await page.locator("#kb-steps").isVisible());
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});

test("a journey shows all its stages at once, each under its point of the curve", async () => {
  const page = await open(browser, { viewport: desktop });
  await page.goto(server.url + "en/reference/customer-journey/");
  const { stages, points, fits } = await page.evaluate(() => {
    const figure = document.querySelector(".kb-journey");
    const curve = figure.querySelector(".kb-points");
    const { a, e } = curve.getScreenCTM();
    const middle = ({ left, right }) => Math.round((left + right) / 2);
    return {
      stages: [...figure.querySelectorAll(".kb-stages > li")]
        .map((stage) => middle(stage.getBoundingClientRect())),
      points: [...curve.getAttribute("d").matchAll(/M(\d+)/g)].map(([, x]) => Math.round(x * a + e)),
      fits: figure.scrollWidth <= figure.clientWidth,
    };
  });
  assert.ok(stages.length >= 5 && fits, `${stages.length} stages`);
  stages.forEach((x, i) => assert.ok(Math.abs(x - points[i]) <= 2, `${stages} under ${points}`));
  await page.setViewportSize(phone);
  const lefts = await page.locator(".kb-stages > li")
    .evaluateAll((all) => all.map((stage) => stage.getBoundingClientRect().left));
  assert.equal(new Set(lefts).size, 1, "one below the other on a phone");
  await page.context().close();
});

test("a diagram in an article is enlarged, zoomed and moved by keyboard, and is printed whole", async () => {
  const page = await open(browser, { viewport: phone });
  await page.goto(server.url + "en/reference/order-to-delivery/");
  const opener = page.locator(".kb-enlarge").first();
  const svg = page.locator(".kb-zoom svg");
  await opener.focus();
  await page.keyboard.press("Enter");
  await svg.waitFor();
  await page.keyboard.press("0");
  const { width, height } = await svg.boundingBox();
  assert.ok(width <= phone.width && height <= phone.height, "it fits the screen");
  for (let i = 0; i < 5; i++) await page.keyboard.press("+");
  assert.ok((await svg.boundingBox()).width > width * 2, "it is zoomed");
  const box = page.locator(".kb-zoom-box");
  const before = await box.evaluate((element) => element.scrollTop);
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction((top) => document.querySelector(".kb-zoom-box").scrollTop > top, before);
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.ok(await opener.evaluate((element) => element === document.activeElement));
  await page.emulateMedia({ media: "print" });
  assert.equal(await opener.isVisible(), false);
  const figure = page.locator(".kb-doc .kb-diagram").first();
  assert.ok(await figure.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth), "print");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("a journey's curve says what its height means", async () => {
  const page = await open(browser);
  await page.goto(server.url + "en/reference/customer-journey/");
  const scale = page.locator(".kb-scale span");
  assert.deepEqual(await scale.allInnerTexts(), ["Very good", "Mixed", "Very bad"]);
  const at = await scale.evaluateAll((all) => all.map((span) => {
    const { top, bottom } = span.getBoundingClientRect();
    return (top + bottom) / 2;
  }));
  const curve = await page.locator(".kb-curve").boundingBox();
  [10, 50, 90].forEach((y, i) => assert.ok(Math.abs(at[i] - curve.y - curve.height * y / 100) < 3, `${at}`));
  await page.context().close();
});
