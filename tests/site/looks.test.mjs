// What a reader meets first, on every kind of page: how far down the text begins on a phone,
// how high the header is, what a wide table looks like, and nothing wider than the screen.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { audiences, folder, kb, locales, pagesByKind, top } from "./sites.mjs";
import { faintTexts, launch, open, phone, violations } from "./browser.mjs";
import { serve } from "./server.mjs";

let browser;
const servers = {};
before(async () => {
  browser = await launch();
  for (const audience of audiences) servers[audience] = await serve(folder(audience));
});
after(async () => {
  await browser?.close();
  for (const server of Object.values(servers)) server.close();
});

const heightOf = (page, selector) =>
  page.locator(selector).evaluate((element) => element.getBoundingClientRect().height);
const topOf = (page, selector) =>
  page.locator(selector).first().evaluate((element) => element.getBoundingClientRect().top);

test("on a phone, an article's text begins in the upper half", async () => {
  const page = await open(browser, { viewport: phone });
  for (const locale of locales) {
    await page.goto(`${servers.public.url}en/articles/delivery/parcel-not-arrived/`);
    await page.goto(await page.locator(`.kb-lang [hreflang=${locale}]`).evaluate((a) => a.href));
    const top = await topOf(page, ".kb-doc-body .kb-prose");
    assert.ok(top <= phone.height / 2 + 20, `${locale}: ${top} px`);
    assert.ok(await topOf(page, ".kb-meta") > top, "dates come after the text");
  }
  await page.context().close();
});

test("the header is low, in each language, for customers and agents", async () => {
  for (const audience of audiences) for (const locale of locales) {
    const page = await open(browser, { viewport: phone });
    await page.goto(`${servers[audience].url}${locale}/topics/delivery/`);
    const small = await heightOf(page, ".kb-header");
    assert.ok(small <= 104, `${audience} ${locale}, phone: ${small} px`);
    const current = page.locator(".kb-nav [aria-current]");
    const { x, width } = await current.boundingBox();
    assert.ok(x >= 0 && x + width <= phone.width, "the current entry is in sight");
    await page.setViewportSize({ width: 1280, height: 900 });
    const large = await heightOf(page, ".kb-header");
    assert.ok(large <= 104, `${audience} ${locale}, desktop: ${large} px`);
    const tops = await page.locator(".kb-nav a").evaluateAll((all) => all.map((a) => a.offsetTop));
    assert.equal(new Set(tops).size, 1, `${audience} ${locale}: the entries are in one row`);
    await page.context().close();
  }
});

test("on a phone, search is one tap away", async () => {
  const page = await open(browser, { viewport: phone });
  await page.goto(`${servers.public.url}en/topics/delivery/`);
  await page.locator(".kb-find-link").click();
  await page.waitForURL(/\/en\/search\/$/);
  await page.context().close();
});

// Runs in the page. How dark the ends of a picture's middle row are, from 0 to 255.
async function ends(src) {
  const image = new Image();
  image.src = src;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const ink = (x) => 255 - context.getImageData(x, image.height >> 1, 1, 1).data[1];
  return [ink(3), ink(image.width - 4)];
}

test("a table that is wider than the screen says so at the end that has more", async () => {
  const page = await open(browser, { viewport: { width: 320, height: 700 }, bypassCSP: true });
  await page.goto(`${servers.agents.url}en/reference/escalation-matrix/`);
  const box = page.locator(".kb-table").first();
  assert.ok(await box.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 40));
  // Without its text, only the background is left.
  await page.addStyleTag({ content: ".kb-table * { color: transparent !important; border-color: transparent !important; background: none !important }" });
  const look = async () =>
    page.evaluate(ends, `data:image/png;base64,${(await box.screenshot()).toString("base64")}`);
  const [left, right] = await look();
  assert.ok(left < 6 && right > 20, `at the beginning: ${left}, ${right}`);
  await box.evaluate((element) => { element.scrollLeft = element.scrollWidth; });
  const [before, after] = await look();
  assert.ok(before > 20 && after < 6, `at the end: ${before}, ${after}`);
  await page.context().close();
});

test("nothing is wider than 320 px, on any kind of page, in print, and from right to left", async () => {
  for (const audience of audiences) {
    const page = await open(browser, { viewport: { width: 320, height: 640 } });
    for (const locale of locales) for (const [kind, path] of Object.entries(pagesByKind(audience, locale))) {
      // A redirect leads on at once: what is measured would be the next page, half loaded.
      if (kind === "redirect" || (kind === "root" && locale !== locales[0])) continue;
      await page.goto(servers[audience].url + path);
      for (const [dir, media] of [["ltr", "screen"], ["rtl", "screen"], ["ltr", "print"]]) {
        await page.emulateMedia({ media });
        const width = await page.evaluate((to) => {
          document.documentElement.dir = to;
          return document.documentElement.scrollWidth;
        }, dir);
        assert.ok(width <= 320, `${path}, ${dir}, ${media}: ${width} px`);
      }
    }
    await page.context().close();
  }
});

test("a date stays in its column beside a title of two lines", async () => {
  const page = await open(browser);
  await page.goto(`${servers.public.url}en/`);
  const outside = await page.locator(".kb-recent li").first().evaluate((row) => {
    row.querySelector("a").textContent = "Install the machine in a kitchen that has no water pipe near by";
    const text = document.createRange();
    text.selectNodeContents(row.querySelector("time"));
    return text.getBoundingClientRect().right - row.getBoundingClientRect().right;
  });
  assert.ok(outside < 1, `${outside} px`);
  await page.context().close();
});

test("a topic lists the documents of each subtopic under its heading", async () => {
  for (const audience of audiences) {
    const page = await open(browser);
    await page.goto(`${servers[audience].url}en/topics/delivery/`);
    const section = page.locator(".kb-sections > section", { has: page.locator("h3", { hasText: "Parcel missing" }) });
    assert.ok(await section.locator("li a", { hasText: "Your parcel has not arrived" }).count());
    assert.equal(await section.locator("li a", { hasText: "Parcel has not arrived" }).count(), audience === "agents" ? 2 : 1);
    assert.equal(await page.locator("main .kb-badge-audience").count(), 0, "what goes without saying");
    await page.context().close();
  }
});

test("customers see how to reach people, not how to edit; agents see the reverse", async () => {
  const page = await open(browser);
  const path = "en/articles/delivery/parcel-not-arrived/";
  await page.goto(servers.public.url + path);
  assert.ok(await page.locator(".kb-contact").isVisible());
  assert.equal(await page.locator(".kb-contact a", { hasText: "://" }).count(), 0, "no bare address");
  assert.deepEqual(await page.locator(".kb-actions a").allInnerTexts(), ["Report a problem"]);
  await page.goto(servers.agents.url + path);
  assert.deepEqual(await page.locator(".kb-actions a").allInnerTexts(),
    ["Suggest a change", "Report a problem", "Earlier versions"]);
  await page.context().close();
});

test("home does not list a document twice", async () => {
  const page = await open(browser);
  for (const audience of audiences) {
    await page.goto(`${servers[audience].url}en/`);
    const titles = await page.locator("[aria-labelledby=kb-promoted] a, [aria-labelledby=kb-recent] a").allInnerTexts();
    assert.ok(titles.length > 8);
    assert.equal(new Set(titles).size, titles.length);
  }
  await page.context().close();
});

test("the missing page leads to the topics, in the language of the address", async () => {
  const page = await open(browser, { locale: "en" });
  await page.goto(`${servers.public.url}de/nothing/here/`);
  const topics = page.locator(".kb-lost:not([hidden]) .kb-columns a");
  assert.ok(await topics.count() > 4);
  await topics.first().click();
  await page.waitForURL(/\/de\/topics\/[^/]+\/$/);
  await page.context().close();
});

// Scripts come late, as on a slow phone: once the page has been drawn.
test("nothing moves when scripts arrive", async () => {
  for (const path of ["en/topics/delivery.missing/", "en/replies/trace-opened/", "en/workflows/leak/"]) {
    const page = await open(browser, { viewport: phone });
    await page.addInitScript(() => {
      globalThis.moved = [];
      new PerformanceObserver((list) => globalThis.moved.push(...list.getEntries().map(({ value, sources }) =>
        [value, ...sources.map(({ node }) => node?.className)].join(" "))))
        .observe({ type: "layout-shift", buffered: true });
    });
    let draw;
    const drawn = new Promise((resolve) => { draw = resolve; });
    await page.route(/\/assets\/.*\.js$/, async (route) => {
      await drawn;
      await route.continue();
    });
    await page.goto(servers.agents.url + path, { waitUntil: "commit" });
    await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length);
    draw();
    await page.locator(".kb-ready").first().waitFor();
    await page.waitForLoadState("networkidle");
    assert.deepEqual(await page.evaluate(() => globalThis.moved), [], path);
    await page.context().close();
  }
});

test("style sheets are published shorter, and mean the same", async () => {
  const page = await open(browser);
  const assets = join(folder("agents"), "assets");
  const read = (...path) => readFileSync(join(...path), "utf8");
  const theme = join(top, "src/site/theme");
  for (const [name, parts] of [["style", ["style.css", "brand.css"]], ["guide", ["guide.css"]]]) {
    const published = readdirSync(assets).find((file) => file.startsWith(`${name}.`) && file.endsWith(".css"));
    const [before, after] = await page.evaluate((texts) => texts.map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return [...sheet.cssRules].map((rule) => rule.cssText.replace(/([,:]) /g, "$1"));
    }), [parts.map((part) => read(theme, part)).join(""), read(assets, published)]);
    assert.ok(before.length > 50);
    assert.deepEqual(after, before);
  }
  await page.context().close();
});

test("a page from right to left holds a text of the fallback from left to right", async () => {
  const work = mkdtempSync(join(tmpdir(), "kb-looks-"));
  const content = join(work, "content");
  cpSync(join(top, "content-example"), content, { recursive: true });
  const config = join(content, "kb.yaml");
  writeFileSync(config, readFileSync(config, "utf8")
    .replace("  - code: de-AT", "  - code: ar\n    fallback: en\n  - code: de-AT"));
  execFileSync(kb, ["publish", "-q", "--locale", "en", "--locale", "ar", "--out", join(work, "site")],
    { cwd: content, stdio: "ignore" });
  const server = await serve(join(work, "site"));
  const page = await open(browser);
  for (const path of ["ar/", "ar/articles/care/descale/", "ar/search/?q=descale"]) {
    await page.goto(server.url + path, { waitUntil: "networkidle" });
    assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
    assert.deepEqual(await violations(page), [], path);
    const [logo, main] = await page.evaluate(() => [".kb-logo", "#kb-main"]
      .map((it) => document.querySelector(it).getBoundingClientRect().right));
    assert.ok(main - logo < 100, "the name is on the right");
    const english = page.locator("[lang=en]:is(.kb-prose, li)").first();
    if (path !== "ar/") assert.equal(await english.evaluate((it) => getComputedStyle(it).direction), "ltr");
    await page.setViewportSize({ width: 320, height: 640 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320, path);
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  assert.deepEqual(page.problems, []);
  await page.context().close();
  server.close();
  rmSync(work, { recursive: true });
});

test("on paper, an article has its text and no controls", async () => {
  const page = await open(browser);
  for (const locale of locales) {
    await page.goto(`${servers.public.url}${pagesByKind("public", locale).article}`);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(".kb-doc-body .kb-prose").first().isVisible());
    for (const control of await page.locator("nav, button, input[type=search], .kb-vote, .kb-lang").all())
      assert.equal(await control.isVisible(), false, await control.evaluate((it) => it.outerHTML.slice(0, 80)));
  }
  await page.context().close();
});

test("a page without a translation says so, in both languages' terms", async () => {
  const page = await open(browser);
  for (const [locale, said] of [["de", /Englisch/], ["hu", /angol/]]) {
    await page.goto(`${servers.agents.url}${locale}/reference/customer-journey/`);
    assert.match(await page.locator(".kb-notice-fallback").innerText(), said);
    assert.match(await page.locator("link[rel=canonical]").getAttribute("href"), /\/en\/reference/);
    assert.equal(await page.locator("article h1").evaluate((it) => it.closest("[lang]").lang), "en");
    await page.goto(`${servers.agents.url}${locale}/search/?q=customer+journey`);
    const hit = page.locator("[data-part=hits] > li").first();
    await hit.waitFor();
    assert.equal(await hit.getAttribute("lang"), "en");
    assert.match(await hit.locator("a").getAttribute("href"), new RegExp(`${locale}/reference/customer-journey/`));
  }
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("the look 'paper' is right in light and dark, for customers and agents", async () => {
  const work = mkdtempSync(join(tmpdir(), "kb-looks-"));
  const content = join(work, "content");
  const run = (...args) => execFileSync(kb, args, { cwd: content, stdio: "ignore" });
  cpSync(join(top, "content-example"), content, { recursive: true });
  run("publish", "--eject-theme", "--look", "paper");
  run("publish", "--audience", "agents", "--out", join(work, "site"));
  const server = await serve(join(work, "site"));
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(browser, { colorScheme });
    for (const path of ["en/", "en/topics/delivery.missing/", "en/articles/delivery/parcel-not-arrived/", "hu/workflows/"]) {
      await page.goto(server.url + path);
      const find = colorScheme === "light" ? violations : faintTexts;
      assert.deepEqual(await find(page), [], `${path}, ${colorScheme}`);
      await page.setViewportSize({ width: 320, height: 640 });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320, path);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    await page.goto(`${server.url}en/`);
    assert.ok(await page.locator(".paper-index h3").count() > 5);
    const [body, radius] = await page.evaluate(() => [document.body, document.querySelector(".kb-find input")]
      .map((element, i) => getComputedStyle(element)[i ? "borderRadius" : "backgroundColor"]));
    assert.equal(body, colorScheme === "light" ? "rgb(253, 250, 244)" : "rgb(26, 23, 19)");
    assert.equal(radius, "0px");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
  server.close();
  rmSync(work, { recursive: true });
});
