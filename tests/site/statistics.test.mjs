// Votes and searches as they appear in an access log: nginx's where it is installed.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folder, kb, locales, shots, top } from "./sites.mjs";
import { launch, open, phone, violations } from "./browser.mjs";
import { serve } from "./server.mjs";
import { nginx } from "./nginx.mjs";

let browser, server;
let seen = 0;

before(async () => {
  browser = await launch();
  server = await nginx(folder("public")) ?? await serve(folder("public"));
});
after(async () => {
  await browser?.close();
  await server?.close();
});

// The requests that were counted since the last call, once there are N or as many as the page
// has begun: [method, file, {key: value}].
const counted = async (page, n = 0) => {
  await page.evaluate(() => 0); // until what it has begun is told
  n = Math.max(n, page.begun ?? 0);
  page.begun = 0;
  const counts = () => server.lines().slice(seen).filter((line) => / \S*\/stats\//.test(line));
  for (let tries = 0; counts().length < n && tries < 500; tries++)
    await new Promise((done) => setTimeout(done, 10));
  const lines = server.lines();
  const part = lines.slice(seen);
  seen = lines.length;
  return part.map((line) => /"(\w+) (\S+) HTTP\/1\.1" (\d+) /.exec(line))
    .filter((it) => it && /\/stats\//.test(it[2]))
    .map(([, method, address, status]) => {
      const url = new URL(address, "http://x/");
      assert.equal(status, "200");
      return [method, url.pathname, Object.fromEntries(url.searchParams)];
    });
};
// Runs in the page. passTime() lets what waits for a second or more happen at once.
function longTimers() {
  const waiting = new Map();
  const { setTimeout: start, clearTimeout: stop } = globalThis;
  globalThis.setTimeout = (run, delay, ...args) => {
    const id = start(run, delay, ...args);
    if (delay >= 1000) waiting.set(id, run);
    return id;
  };
  globalThis.clearTimeout = (id) => {
    waiting.delete(id);
    stop(id);
  };
  globalThis.passTime = () => [...waiting].forEach(([id, run]) => {
    globalThis.clearTimeout(id);
    run();
  });
}
const visit = async (path, options) => {
  const page = await open(browser, options);
  page.begun = 0;
  page.on("request", (it) => { page.begun += it.url().includes("/stats/") ? 1 : 0; });
  await page.addInitScript(longTimers);
  await page.goto(server.url + path);
  return page;
};
const close = async (page) => {
  assert.deepEqual(page.problems, []);
  await page.context().close();
};
const revision = (file) => execFileSync("git", ["hash-object",
  join(top, "content-example", file)], { encoding: "utf8" }).slice(0, 12);
const vote = (locale, event, more) => ["GET", "/stats/vote.txt", { document: "descale", locale,
  audience: "public", revision: revision(`${locale}/articles/care/descale.md`), event, ...more }];
const search = (query, results, event, locale = "en") => ["GET", "/stats/search.txt",
  { locale, audience: "public", query, results: String(results), event }];

const article = "en/articles/care/descale/";
// The page's address in another locale.
const articleIn = (locale) => decodeURI(new RegExp(`hreflang="${locale}" href="[^"/]*//[^/]*/([^"]*)"`)
  .exec(readFileSync(join(folder("public"), article, "index.html"), "utf8"))[1]);

for (const locale of locales)
  test(`${locale}: a vote, and a reason after a No`, async () => {
    const page = await visit(articleIn(locale));
    await counted(page);
    await page.locator("[data-event=unhelpful]").click();
    assert.equal(await page.locator(".kb-vote [data-event]").first().isVisible(), false);
    assert.deepEqual(await violations(page), [], "axe");
    await page.locator(".kb-vote").screenshot({ path: join(shots, `vote-${locale}.png`) });
    assert.deepEqual(await counted(page, 1), [vote(locale, "unhelpful")]);
    assert.equal(await page.locator(".kb-vote textarea").count(), 0, "words never go to a log");
    await page.locator(".kb-vote [value=unclear]").check();
    await page.locator(".kb-vote [type=submit]").click();
    assert.deepEqual(await counted(page, 1), [vote(locale, "reason", { reason: "unclear" })]);
    assert.equal(await page.locator(".kb-vote form").isVisible(), false);
    await close(page);
  });

test("a vote names the document, the site and the text's revision, once", async () => {
  const page = await visit(article, { viewport: phone });
  await counted(page);
  await page.locator("[data-event=helpful]").click();
  assert.deepEqual(await counted(page, 1), [vote("en", "helpful")]);
  assert.equal(await page.locator(".kb-vote form").isVisible(), false);
  assert.match(await page.locator(".kb-vote [role=status]").textContent(), /Thanks/);
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await close(page);
});

test("a search is counted once, not per key, with its result opened", async () => {
  const page = await visit("en/search/");
  await counted(page);
  await page.locator("main [name=q]").pressSequentially("descale", { delay: 150 });
  await page.locator("[data-part=hits] li").first().waitFor();
  assert.deepEqual(await counted(page), []);
  await page.evaluate(() => globalThis.passTime());
  const [first, ...rest] = await counted(page, 1);
  assert.deepEqual(rest, []);
  const { results } = first[2];
  assert.deepEqual(first, search("descale", results, "search"));
  assert.ok(results > 0 && results <= 10);
  await page.locator("[data-part=hits] a").first().click();
  await page.waitForURL(/articles/);
  assert.deepEqual(await counted(page, 1), [search("descale", results, "click")]);
  await page.goBack();
  await page.locator("[data-part=hits] a").first().waitFor();
  await page.evaluate(() => globalThis.passTime());
  assert.deepEqual(await counted(page), [], "who comes back does not search again");
  await page.reload();
  await page.locator("[data-part=hits] a").first().waitFor();
  assert.deepEqual(await counted(page), []);
  await close(page);
});

test("a search without a result, refined with Enter", async () => {
  const page = await visit("en/search/?q=zzzyx");
  await page.locator("[data-part=none]").waitFor();
  assert.deepEqual(await counted(page, 1), [search("zzzyx", 0, "search")]);
  await page.locator("main [name=q]").fill("  warranty ");
  await page.keyboard.press("Enter");
  await page.locator("[data-part=hits] li").first().waitFor();
  const [refined, next, ...rest] = await counted(page, 2);
  assert.deepEqual(refined, search("zzzyx", 0, "refine"));
  assert.deepEqual(next, search("warranty", next[2].results, "search"));
  assert.deepEqual(rest, []);
  await close(page);
});

test("the field of other pages and the search page count a search together", async () => {
  const page = await visit(article);
  const field = page.locator("header [name=q]");
  await field.fill("repair");
  await page.locator(".kb-drop li").first().waitFor();
  await page.evaluate(() => globalThis.passTime());
  assert.deepEqual((await counted(page, 1)).map((it) => it[2].event), ["search"]);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\/\?q=repair$/);
  await page.locator("[data-part=hits] a").first().click();
  await page.waitForURL(/articles/);
  assert.deepEqual((await counted(page, 1)).map((it) => [it[2].query, it[2].event]),
    [["repair", "click"]]);
  await page.locator("header [name=q]").pressSequentially("beans");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\/\?q=beans$/);
  await page.locator("[data-part=hits] li").first().waitFor();
  assert.deepEqual((await counted(page, 1)).map((it) => [it[2].query, it[2].event]),
    [["beans", "search"]]);
  await close(page);
});

test("what looks personal is not counted", async () => {
  const page = await visit("en/search/");
  await page.locator("main [name=q]").fill("refund for eve@example.org, order 4711-0815 22");
  await page.keyboard.press("Enter");
  assert.deepEqual((await counted(page, 1)).map((it) => it[2].query), ["refund for * order *"]);
  await close(page);
});

for (const [name, wish] of [["Do Not Track", { doNotTrack: "1" }],
  ["Global Privacy Control", { globalPrivacyControl: true }]])
  test(`${name}: nothing is asked or sent`, async () => {
    const page = await open(browser);
    await page.addInitScript((given) => Object.entries(given).forEach(([key, value]) =>
      Object.defineProperty(Navigator.prototype, key, { get: () => value })), wish);
    await page.goto(server.url + article);
    assert.equal(await page.locator(".kb-vote").isVisible(), false);
    await page.goto(`${server.url}en/search/?q=warranty`);
    await page.locator("[data-part=hits] a").first().click();
    await page.waitForURL(/articles/);
    assert.deepEqual(await counted(page), []);
    await close(page);
  });

test("votes at an address of the company's own may have words", async () => {
  const got = [];
  const counter = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    got.push([request.method, new URL(request.url, "http://x/").searchParams.get("event"), body]);
    response.end();
  });
  await new Promise((done) => counter.listen(0, "127.0.0.1", done));
  const site = mkdtempSync(join(tmpdir(), "kb-votes-"));
  execFileSync("bash", ["-c", `
    cp -R content-example ${site}/kb
    sed -i 's|votes: log|votes: http://127.0.0.1:${counter.address().port}/v|' ${site}/kb/kb.yaml
    '${kb}' publish -q -C ${site}/kb --out ${site}/out --no-search`], { cwd: top });
  const own = await serve(join(site, "out"));
  const page = await open(browser);
  await page.goto(own.url + article);
  await page.locator("[data-event=unhelpful]").click();
  await page.locator(".kb-vote textarea").fill("Which button?");
  await page.locator(".kb-vote [value=missing]").check();
  assert.deepEqual(await violations(page), [], "axe");
  await page.locator(".kb-vote").screenshot({ path: join(shots, "vote-words.png") });
  await page.locator(".kb-vote [type=submit]").click();
  for (let tries = 0; got.length < 2 && tries < 500; tries++) await new Promise((done) => setTimeout(done, 10));
  assert.deepEqual(got, [["GET", "unhelpful", ""], ["POST", "reason", "text=Which+button%3F"]]);
  await close(page);
  own.close();
  counter.close();
  rmSync(site, { recursive: true });
});
