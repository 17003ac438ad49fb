// embed.js in pages of another origin, under a strict policy: search, an article, a case,
// by keyboard, in the reader's language, in the dark, and when nothing can be read.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { folder } from "./sites.mjs";
import { launch, open, violations } from "./browser.mjs";

let browser, site, closed, mute, shop;

const listen = async (answer) => {
  const server = createServer(answer);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
};
// The site, with and without the header that lets other origins read it.
const help = (headers) => listen((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
  try {
    let body = readFileSync(join(folder("public"), path.endsWith("/") ? `${path}index.html` : path));
    if (headers.search === "off") body = String(body).replace(/"search":"assets[^"]*"/, '"search":""');
    response.writeHead(200, { ...headers, ...(path.endsWith(".js") && { "content-type": "text/javascript" }) });
    response.end(body);
  } catch {
    response.writeHead(404, headers);
    response.end();
  }
});
before(async () => {
  browser = await launch();
  site = await help({ "access-control-allow-origin": "*" });
  closed = await help({});
  mute = await help({ "access-control-allow-origin": "*", search: "off" });
  shop = await listen((request, response) => {
    const given = new URL(request.url, "http://x").searchParams;
    const from = given.get("from") ?? site.url;
    response.writeHead(200, { "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; script-src ${from}; connect-src ${from}; ` +
        `img-src ${from}; frame-ancestors 'none'; base-uri 'none'` });
    response.end(`<!doctype html><html lang="en"><title>Shop</title>` +
      `<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">` +
      `<script src="${from}embed.js" async></script><main><h1>Shop</h1>` +
      `<kb-help ${given.get("with") ?? ""}></kb-help></main></html>`);
  });
});
after(async () => {
  await browser?.close();
  for (const server of [site, closed, mute, shop]) server?.close();
});

async function visit(attributes, { from, ...options } = {}) {
  const page = await open(browser, { locale: "en-US", ...options });
  await page.goto(`${shop.url}?${new URLSearchParams({ with: attributes, ...(from && { from }) })}`);
  await page.locator("kb-help .box[aria-busy=false]").waitFor();
  page.problems = page.problems.filter((it) => !it.includes("data:,"));
  return page;
}
const whole = (page) => page.locator("kb-help a").evaluateAll((links) => links.every((a) =>
  a.target === "_blank" && a.rel === "noopener" && a.querySelector(".sr")));

test("search, by keyboard", async () => {
  const page = await visit("search");
  await page.keyboard.press("Tab");
  await page.keyboard.type("delete my account");
  const links = page.locator("kb-help ol a");
  await links.first().waitFor();
  assert.match(await links.first().innerText(), /See or delete your data/);
  assert.match(await page.locator("kb-help [role=status]").innerText(), /^Results: \d+$/);
  assert.ok(await page.locator("kb-help ol mark").count());
  assert.ok(await whole(page));
  assert.deepEqual(await violations(page), []);
  const focused = () => page.evaluate(() => document.activeElement.shadowRoot.activeElement.href);
  await page.keyboard.press("ArrowDown");
  assert.match(await focused(), new RegExp(`^${site.url}en/articles/account/delete-account/\\?q=`));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  assert.match(await focused(), /delete-account/);
  const [opened] = await Promise.all([page.context().waitForEvent("page"), page.keyboard.press("Enter")]);
  assert.match(opened.url(), /delete-account/);
  await page.bringToFront();
  await page.keyboard.press("Escape");
  assert.equal(await focused(), undefined);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("<img src=x> qqqqq");
  await page.locator("kb-help [role=status]", { hasText: "“<img src=x> qqqqq”" }).waitFor();
  assert.equal(await links.count(), 0);
  assert.deepEqual(page.problems, []);
});

test("an article", async () => {
  const page = await visit('article="delete-account"');
  const box = page.locator("kb-help .box");
  assert.match(await box.locator("h2 a").first().innerText(), /^See or delete your data/);
  assert.match(await box.innerText(), /You get an email with a link within 24 hours/);
  assert.equal(await box.locator("a", { hasText: "End your bean" }).getAttribute("href"),
    `${site.url}en/articles/subscription/change-subscription/#cancel`);
  assert.equal(await box.locator("form, script, button").count(), 0);
  assert.ok(await whole(page));
  assert.deepEqual(await violations(page), []);
  await page.evaluate(() => document.querySelector("kb-help").setAttribute("article", "account-locked"));
  await box.locator("h2", { hasText: "locked" }).waitFor();
  assert.deepEqual(page.problems, []);
});

test("a case", async () => {
  const page = await visit('issue="account.data"');
  const link = page.locator("kb-help li a");
  assert.match(await page.locator("kb-help h2").innerText(), /^Your data/);
  assert.equal(await link.getAttribute("href"), `${site.url}en/articles/account/delete-account/`);
  assert.ok(await whole(page));
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.problems, []);
});

test("a site without search says so", async () => {
  const page = await visit("", { from: mute.url });
  assert.match(await page.locator("kb-help .box").innerText(), /has no search/);
  assert.equal(await page.locator("kb-help a").getAttribute("href"), `${mute.url}en/`);
  assert.equal(await page.locator("kb-help input").count(), 0);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.problems, []);
});

test("two widgets load one search", async () => {
  const page = await open(browser, { locale: "en-US" });
  const loaded = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto(`${shop.url}?${new URLSearchParams({ with: "></kb-help><kb-help locale=de" })}`);
  await page.locator("kb-help input").nth(1).waitFor();
  await page.locator("kb-help input").first().fill("account");
  await page.locator("kb-help input").nth(1).fill("konto");
  for (const n of [0, 1]) await page.locator("kb-help").nth(n).locator("ol a").first().waitFor();
  assert.equal(loaded.filter((path) => /assets\/search\./.test(path)).length, 1);
  assert.deepEqual(loaded.filter((path, i) => /\/search\//.test(path) && loaded.indexOf(path) !== i), []);
});

test("the language: the reader's, the attribute's, the site's own", async () => {
  for (const [attributes, locale, expected] of [["", "hu-HU", "hu"], ["", "de-AT", "de-AT"],
    ["", "de-CH", "de"], ['locale="de"', "hu-HU", "de"], ["", "ja-JP", "en"]]) {
    const page = await visit(attributes, { locale });
    assert.equal(await page.locator("kb-help .box").getAttribute("lang"), expected);
    await page.context().close();
  }
});

test("in the dark where the page is dark", async () => {
  const page = await visit('article="delete-account"', { colorScheme: "dark" });
  assert.equal(await page.locator("kb-help").evaluate((it) => getComputedStyle(it).backgroundColor),
    "rgb(27, 29, 32)");
  assert.deepEqual(await violations(page), []);
});

test("what cannot be read leads to the help center", async () => {
  for (const [attributes, from] of [['article="nowhere"', undefined], ['article="delete-account"', closed.url]]) {
    const page = await visit(attributes, { from });
    assert.match(await page.locator("kb-help [role=alert]").innerText(), /cannot be loaded/);
    assert.equal(await page.locator("kb-help a").getAttribute("href"), `${from ?? site.url}en/`);
    assert.deepEqual(await violations(page), []);
  }
});

test("search needs no leave of the site's server", async () => {
  const page = await visit("search", { from: closed.url });
  await page.locator("kb-help input").fill("delete my account");
  await page.locator("kb-help ol a").first().waitFor();
  assert.deepEqual(page.problems, []);
});

test("embed.js is small", () => {
  const text = readFileSync(join(folder("public"), "embed.js"), "utf8");
  const script = text.replace(/^const about=.*$/m, "");
  assert.ok(Buffer.byteLength(script) <= 6656, `${Buffer.byteLength(script)} bytes`);
});
