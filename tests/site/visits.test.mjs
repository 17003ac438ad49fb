// 200 visits of the example, whose sites nginx serves: what 'kb stats import' makes of its
// logs is exactly what the visitors did. Skipped where nginx is not installed.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync,
  writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { audiences, folder, kb, top } from "./sites.mjs";
import { launch, open } from "./browser.mjs";
import { nginx } from "./nginx.mjs";

const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/140.0.0.0 Safari/537.36";
const content = join(top, "content-example");
let browser, servers, work;

const git = (...args) => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org",
  ...args], { cwd: join(work, "kb"), stdio: ["ignore", "ignore", "pipe"] });

// A copy of the example without counts. Its months don't end while the test runs.
before(async () => {
  servers = Object.fromEntries(await Promise.all(audiences.map(async (name) =>
    [name, await nginx(folder(name))])));
  if (!servers.public) return;
  work = mkdtempSync(join(tmpdir(), "kb-visits-"));
  cpSync(content, join(work, "kb"), { recursive: true });
  rmSync(join(work, "kb/usage"), { recursive: true });
  const config = join(work, "kb/kb.yaml");
  const hour = new Date().getUTCHours();
  writeFileSync(config, readFileSync(config, "utf8").replace("timezone: Europe/Berlin",
    `timezone: ${hour >= 6 && hour < 18 ? "UTC" : "Asia/Kamchatka"}`));
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "The example");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  for (const server of Object.values(servers)) await server?.close();
  if (work) rmSync(work, { recursive: true });
});

// Whose text a page shows, from the files of the content: {path: [document, locale]}.
function pagesOf(audience) {
  const pages = {};
  const add = (shown, locale) => {
    for (const name of readdirSync(join(content, locale), { recursive: true })) {
      if (!/^(articles|workflows|replies|reference)\/.*\.md$/.test(name)) continue;
      const text = readFileSync(join(content, locale, name), "utf8");
      const value = (key) => new RegExp(`^${key}: *(\\S+)$`, "m").exec(text)?.[1];
      const [, place, base] = /^(.*\/)?(.*)\.md$/.exec(name);
      const path = `${shown}/${place}${value("slug") ?? base}/`;
      if (existsSync(join(folder(audience), path, "index.html")) && !pages[path])
        pages[path] = [value("id") ?? base, locale];
    }
  };
  for (const locale of ["en", "de", "hu", "de-AT"]) add(locale, locale);
  const own = new Set(Object.values(pages).filter((it) => it[1] === "de-AT").map((it) => it[0]));
  const before = { ...pages };
  add("de-AT", "de");
  for (const [path, [id]] of Object.entries(pages))
    if (!before[path] && own.has(id)) delete pages[path];
  return pages;
}

// The same numbers on each run, for each visit its own.
const visitor = new AsyncLocalStorage();
const random = (n) => {
  const own = visitor.getStore();
  const state = own.state = (own.state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
};
const pick = (list) => list[random(list.length)];

// What was done, in the words of the tables: {key: numbers}.
const tally = { views: {}, reasons: {}, searches: {} };
const add = (table, key, at, n = 1) => {
  const size = { views: 4, reasons: 1, searches: 3 }[table];
  const row = tally[table][key] ??= Array(size).fill(0);
  row[at] += n;
  return row;
};

const visits = Object.fromEntries(audiences.map((audience) => {
  const pages = pagesOf(audience);
  const paths = Object.keys(pages);
  return [audience, { audience, pages, paths }];
}));
const keyOf = (site, path) => [...site.pages[path], site.audience].join(",");
const pathOf = (site, page) =>
  decodeURI(new URL(page.url()).pathname).slice(1);
// The page that is open was requested from the server.
const viewed = (site, page) => {
  const path = pathOf(site, page);
  if (site.pages[path]) add("views", keyOf(site, path), 0);
};
const ready = { waitUntil: "domcontentloaded" };
const go = async (site, page, path) => {
  await page.goto(servers[site.audience].url + path, ready);
  viewed(site, page);
};
// Does DO, and waits until the page has sent EVENT.
const sent = async (site, page, event, act) => {
  const answer = page.waitForResponse((it) => it.url().includes("/stats/") &&
    new URL(it.url()).searchParams.get("event") === event);
  await act();
  await answer;
  site.sent++;
};

const vote = async (site, page) => {
  const key = keyOf(site, pathOf(site, page));
  const way = random(5);
  if (way < 2) {
    await sent(site, page, "helpful", () => page.locator("[data-event=helpful]").click());
    add("views", key, 1);
  }
  if (way < 2 || way === 4) return;
  await sent(site, page, "unhelpful", () => page.locator("[data-event=unhelpful]").click());
  add("views", key, 2);
  if (way === 2) return;
  const reason = pick(["wrong", "outdated", "unclear", "missing", "other"]);
  await page.locator(`.kb-vote [value=${reason}]`).check();
  await sent(site, page, "reason", () => page.locator(".kb-vote [type=submit]").click());
  add("reasons", `${key},${reason}`, 0);
};

const read = async (site, page) => {
  for (const path of new Set([pick(site.paths), pick(site.paths)])) {
    await go(site, page, path);
    if (site.audience === "public") await vote(site, page);
    if (random(4)) continue;
    await page.reload(ready);
    viewed(site, page);
  }
};

const descale = { en: "en/articles/care/descale/", de: "de/articles/care/entkalken/",
  hu: "hu/articles/care/vizkotelenites/" };
// Former addresses, addresses without a slash, and with a query or a file.
const move = async (site, page) => {
  const own = await page.evaluate(() => navigator.language.slice(0, 2));
  const [path, to] = pick([
    ["en/articles/shipping-costs", "en/articles/delivery/delivery-times/"],
    ["en/articles/shipping-costs/", "en/articles/delivery/delivery-times/"],
    ["de/articles/versandkosten", "de/articles/delivery/lieferzeiten-und-versandkosten/"],
    ["warranty", { en: "en/articles/returns/warranty/", de: "de/articles/returns/garantie/",
      hu: "hu/articles/returns/jotallas/" }[own]],
    ["e/E05/", descale[own]],
    ["help/descaling.html", descale[own]],
    ["service/contact", "en/contact/"],
    ["en/topics/shipping", "en/topics/delivery/"],
    ["en/articles/care/descale", descale.en],
    ["en/articles/care/descale/?utm_source=mail", descale.en],
  ]);
  const { url } = servers[site.audience];
  // The page that leads on may do so before it is whole.
  await page.goto(url + path, { waitUntil: "commit" });
  await page.waitForURL((it) => it.href.split("?")[0] === url + to, { ...ready, timeout: 10000 });
  viewed(site, page);
};

const questions = {
  en: ["descale", "Warranty", "refund", "  E05 ", "zzzyx"],
  de: ["entkalken", "garantie"],
  hu: ["garancia", "vízkő"],
  "de-AT": ["garantie"],
};
const seldom = { en: ["grinder", "refund for eve@example.org", "qqqx"], de: ["Mühle"], hu: ["ÁFA"],
  "de-AT": ["Lieferung"] };
const hits = (page) => page.locator("[data-part=hits] li");
const asked = async (site, page, locale, question, act) => {
  await sent(site, page, "search", act);
  const query = question.trim().toLowerCase().replace(/\S+@\S+/, "*");
  const key = `${locale},${site.audience},${query}`;
  const row = add("searches", key, 0);
  row[1] = Math.max(row[1], Math.min(10, await hits(page).count()));
  return key;
};
const opened = async (site, page, n) => {
  await hits(page).nth(n).locator("a").first().click();
  await page.waitForURL((url) => !url.pathname.includes("/search/"), ready);
  viewed(site, page);
};
const find = async (site, page) => {
  const locale = pick(["en", "en", "en", "de", "hu", "de-AT"]);
  const question = pick(random(6) ? questions[locale] : seldom[locale]);
  const field = page.locator("main [name=q]");
  let key;
  if (random(4)) {
    await go(site, page, `${locale}/search/`);
    await field.fill(question);
    key = await asked(site, page, locale, question, () => field.press("Enter"));
  } else {
    const path = site.paths.filter((it) => it.startsWith(`${locale}/articles/`))[random(20)];
    await go(site, page, path);
    const small = page.locator("header [name=q]");
    await small.fill(question);
    key = await asked(site, page, locale, question, () => small.press("Enter"));
  }
  const way = random(5);
  if (way === 0) { // other words
    const other = pick(questions[locale].filter((it) => it !== question)) ?? "kaffee";
    await field.fill(other);
    key = await asked(site, page, locale, other, () => field.press("Enter"));
    site.sent++; // that the first was given up
  }
  if (way === 1) { // the page again
    await page.reload(ready);
    await page.locator("[data-part=hits] li, [data-part=none]:not([hidden])").first().waitFor();
  }
  if (way < 2 || !await hits(page).count()) return;
  await opened(site, page, 0);
  add("searches", key, 2);
  site.sent++;
  if (way !== 2) return;
  await page.goBack(ready); // and another result
  await hits(page).nth(1).waitFor({ timeout: 2000 }).then(() => opened(site, page, 1), () => 0);
};

const copy = async (site, page) => {
  const path = pick(site.paths.filter((it) => it.includes("/replies/")));
  await go(site, page, path);
  await page.locator(".kb-text:not([hidden]) .kb-primary").first().click();
  const anyway = page.locator("[data-ask=copy]");
  await sent(site, page, "copy", async () => await anyway.count() && anyway.click());
  add("views", keyOf(site, path), 3);
};

// Who asks not to be tracked is in the log of the server, but sends no votes or searches.
const quiet = async (site, page) => {
  await page.addInitScript((key) => Object.defineProperty(Navigator.prototype, key,
    { get: () => (key === "doNotTrack" ? "1" : true) }),
  pick(["doNotTrack", "globalPrivacyControl"]));
  await go(site, page, pick(site.paths));
  assert.equal(await page.locator(".kb-vote").first().isVisible(), false);
  await go(site, page, "en/search/?q=warranty");
  await hits(page).first().waitFor();
  await opened(site, page, 0);
};

// Programs, files and pages that don't exist.
const ignored = async (site) => {
  const { url } = servers[site.audience];
  const path = pick(site.paths);
  const asks = (address, name) => fetch(url + address, { headers: { "user-agent": name } });
  await asks(path, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
  await asks(path, "curl/8.5.0");
  await asks(`stats/vote.txt?document=descale&locale=en&audience=${site.audience}&event=helpful`,
    "Mozilla/5.0 (compatible; bingbot/2.0)");
  await asks(`${path}index.html.md`, agent);
  await asks("sitemap.xml", agent);
  await asks("en/articles/nothing/", agent);
  await fetch(url + path, { method: "HEAD", headers: { "user-agent": agent } });
};

// A visitor's browser has a name of its own, by which the log tells what it sent.
const visit = async (i) => {
  const site = { ...visits[i % 5 ? "public" : "agents"], sent: 0 };
  const acts = i % 5 ? [read, read, find, find, find, move, i % 3 ? find : quiet] : [read, copy, find];
  if (i % 50 === 7) return ignored(site);
  const page = await open(browser, { userAgent: `${agent} Visit/${i}`,
    locale: pick(["en-US", "de-DE", "hu-HU"]), permissions: ["clipboard-write"] });
  page.setDefaultTimeout(20000);
  const { log } = servers[site.audience];
  const { size } = statSync(log);
  await pick(acts)(site, page);
  const counted = () => readFileSync(log).subarray(size).toString().split("\n")
    .filter((it) => it.includes(" /stats/") && it.endsWith(` Visit/${i}"`)).length;
  for (let n = 0; counted() < site.sent && n < 200; n++) await page.waitForTimeout(50);
  await page.context().close();
  assert.deepEqual(page.problems, []);
  assert.equal(counted(), site.sent, `visit ${i}`);
};

const stats = (...args) => execFileSync(kb, ["stats", "import", ...args],
  { cwd: join(work, "kb"), encoding: "utf8" });
const usage = () => Object.fromEntries(readdirSync(join(work, "kb/usage")).map((name) =>
  [/^[a-z]+/.exec(name)[0], readFileSync(join(work, "kb/usage", name), "utf8").trim().split("\n")]));
const rows = (table) => Object.entries(table).map(([key, numbers]) => [key, ...numbers].join(","));
const withHead = (head, lines) => [head, ...lines.sort()];
const sorted = ([head, ...lines]) => withHead(head, lines);
const importAll = () => audiences.map((name) => stats("--audience", name, servers[name].log));

test("200 visits are counted as they were", async (t) => {
  if (!browser) return t.skip("nginx is not installed");
  let next = 0;
  const go = async () => {
    for (let i = next++; i < 200; i = next++)
      await visitor.run({ state: 20261122 + i * 7919 }, () => visit(i));
  };
  await Promise.all([go(), go(), go(), go()]);
  importAll();
  const tables = usage();
  const often = rows(Object.fromEntries(Object.entries(tally.searches).filter((it) => it[1][0] >= 5)));
  const rare = rows(Object.fromEntries(Object.entries(tally.searches).filter((it) => it[1][0] < 5)));
  assert.ok(often.length > 5 && rare.length > 2 && often.some((it) => it.includes(",zzzyx,")));
  assert.deepEqual(sorted(tables.views),
    withHead("document,locale,audience,views,helpful,unhelpful,copies", rows(tally.views)));
  assert.deepEqual(sorted(tables.reasons),
    withHead("document,locale,audience,reason,count", rows(tally.reasons)));
  assert.deepEqual(sorted(tables.searches),
    withHead("locale,audience,query,count,results,clicks", often));
  const hidden = (line) => line.replace(/^([^,]*,[^,]*),.*?((,\d+){3})$/, "$1$2");
  assert.deepEqual(tables.rare.slice(1).map(hidden).sort(), rare.map(hidden).sort());
  for (const line of rare) assert.doesNotMatch(tables.rare.join(), new RegExp(`,${line.split(",")[2]
    .replace("*", "\\*")},`));
});

test("the same logs again, and a part of them before the whole, make the same tables", (t) => {
  if (!browser) return t.skip("nginx is not installed");
  const { imported, ...whole } = usage();
  for (const said of importAll()) assert.match(said, /Nothing new/);
  rmSync(join(work, "kb/usage"), { recursive: true });
  const lines = servers.public.lines();
  writeFileSync(join(work, "part.log"), `${lines.slice(0, lines.length / 2).join("\n")}\n`);
  stats(join(work, "part.log"));
  importAll();
  const { imported: spans, ...again } = usage();
  assert.ok(imported && spans);
  assert.deepEqual(again, whole);
});
