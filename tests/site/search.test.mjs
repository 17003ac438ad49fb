// Search on the published sites: by keyboard to a section with marks, the same results as
// kb find, from a disk, without a script, for each audience.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { audiences, folder, kb, locales, shots, top } from "./sites.mjs";
import { desktop, launch, open, phone, violations } from "./browser.mjs";
import { serve } from "./server.mjs";
import { engine } from "./engine.mjs";

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

const titles = (page) => page.locator("[data-part=hits] > li .kb-item-title > a").allTextContents();
const settled = (page) => page.waitForFunction(() =>
  document.querySelector("[data-part=status]").textContent !== "");

function find(locale, audience, question) {
  try {
    const out = execFileSync(kb, ["find", "--locale", locale, "--audience", audience, "--format",
      "json", "--", question], { cwd: join(top, "content-example"), encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"] });
    return JSON.parse(out).hits;
  } catch (error) {
    if (error.status === 1) return [];
    throw error;
  }
}

// Words that the question has, and whether an article's section has them.
const journeys = {
  en: { typed: "not at home", section: /#if-you-are-not-at-home$/, mark: /home/i },
  de: { typed: "konto entsperren", section: /#konto-entsperren$/, mark: /entsperr/i },
  hu: { typed: "számlák", section: /\/hu\/articles\//, mark: /száml/i },
};
for (const [locale, { typed, section, mark }] of Object.entries(journeys))
  test(`${locale}: by keyboard from the home page to a section with marks`, async () => {
    const page = await open(browser);
    await page.goto(`${servers.public.url}${locale}/`);
    await page.keyboard.press("/");
    await page.keyboard.type(typed);
    await page.locator(".kb-drop li").first().waitFor();
    assert.deepEqual(await violations(page), [], "axe");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\/\?q=/);
    await page.locator("[data-part=hits] li").first().waitFor();
    await page.waitForLoadState("networkidle"); // passages come from the pages' Markdown
    assert.deepEqual(await violations(page), [], "axe");
    await page.screenshot({ path: join(shots, `search-${locale}.png`) });
    await page.locator("main input[type=search]").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(section);
    await page.locator("article mark").first().waitFor();
    assert.match((await page.locator("article mark").allTextContents()).join(" "), mark);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

// What is asked, and the document that answers best; undefined: none.
const questions = {
  en: { "lost parcel": "parcel-not-arrived", E05: "descale", refund: "refund",
    "change my adress": "change-or-cancel", "how do i descale": "descale", "invoice pdf": "invoice",
    warranty: "warranty", "gift card": "how-it-works", "milk foam": "clean-milk-system",
    xylophonist: undefined },
  de: { "Paket verloren": "parcel-not-arrived", "Rücksendungen": "return", ruecksendung: "return",
    "Maschine entkalken": "descale", Rechnung: "invoice", "Konto gesperrt": "account-locked",
    Zahlungsarten: "payment-methods", Garantie: "warranty", Mahlwerk: "grinder-blocked",
    entkalckung: "descale" },
  hu: { csomag: "track-parcel", "számlát": "invoice", "visszatérítés": "refund",
    penzvisszaterites: "refund", "vízkőmentesítés": undefined, garancia: "warranty",
    "fiók törlése": "delete-account", "daráló": "grinder-blocked", tej: "clean-milk-system",
    "rendelés lemondása": "change-or-cancel" },
};
for (const audience of audiences)
  for (const [locale, known] of Object.entries(questions))
    test(`${audience} ${locale}: ten questions with known answers, the same as kb find`, async () => {
      const page = await open(browser);
      for (const [question, answer] of Object.entries(known)) {
        await page.goto(`${servers[audience].url}${locale}/search/?q=${encodeURIComponent(question)}`);
        await settled(page);
        const hits = find(locale, audience, question);
        assert.deepEqual(await titles(page), hits.map((hit) => hit.title), question);
        const article = audience === "public" ? hits[0] : hits.find((hit) => hit.type === "article");
        assert.equal(article?.id, answer, question);
      }
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });

// Words for each rule about endings, umlauts, scripts and signs.
const tricky = `Kundinnen Freundinnen Schlüsseln Nachbarn Konten Kontos öffnet erstattet prüft liefert
storniert rueckgaengig Zubehoer neue Steuer Quelle bokrok bokor cikk árak csere hiba számlákat l'eau
don’t d’ue İstanbul ΣΊΣΥΦΟΣ straße Ærø Łódź ｆｕｌｌ １２ 電源が入りません 中 한국어 ภาษาไทย 𠀀𠀁 e-mail E05 x_y
Привет Ёлка שָׁלוֹם مُحَمَّد co\u00adop naïve Ångström œuvre ½ ²`;
test("a locale and the one that it falls back to, whose languages have one stemmer", async () => {
  const page = await open(browser);
  await page.goto(`${servers.public.url}de-AT/search/?q=garantie`);
  await settled(page);
  assert.ok((await titles(page)).length);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

for (const [audience, list] of [["public", [...locales, "de-AT"]], ["agents", locales]])
  for (const locale of list)
    test(`${audience} ${locale}: keys and a thousand questions, as the library has them`, () => {
      const text = execFileSync("git", ["-C", top, "grep", "-h", "", "--", `content-example/${locale.slice(0, 2)}/*.md`],
        { encoding: "utf8", maxBuffer: 1 << 28 });
      execFileSync("node", [join(top, "tests/tools/ranks.mjs"), folder(audience),
        join(top, "content-example"), locale, audience, "1000"],
      { input: `${text}\n${tricky}`, encoding: "utf8", cwd: top, stdio: ["pipe", "pipe", "inherit"] });
    });

test("a passage is read where title and summary lack a word", async () => {
  const page = await open(browser);
  const read = [];
  page.on("request", (it) => it.url().endsWith(".md") && read.push(new URL(it.url()).pathname));
  await page.goto(`${servers.public.url}en/search/?q=descaling+interrupted`);
  const first = page.locator("[data-part=hits] > li").first();
  await first.locator("mark", { hasText: "interrupted" }).waitFor();
  assert.match(await first.locator(".kb-hit-text").innerText(), /stays if the program was interrupted/);
  assert.match(await first.locator("a").getAttribute("href"), /descale\/\?q=[^#]*#e05-stays$/);
  assert.ok(read.includes("/en/articles/care/descale/index.html.md"));
  assert.ok(read.length <= 2, read.join());
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

// The passage that is shown for a page whose Markdown is TEXT.
async function passageOf(text) {
  const page = await open(browser);
  await page.route("**/index.html.md", (route) => route.fulfill({ body: text }));
  await page.goto(`${servers.public.url}en/search/?q=descaling+interrupted`);
  const passage = page.locator("[data-part=hits] > li .kb-hit-text").first();
  await page.locator("[data-part=hits] > li mark", { hasText: "interrupted" }).first().waitFor({ timeout: 15000 });
  const shown = await passage.innerText();
  await page.context().close();
  return shown;
}

test("code in a list is code, and what follows it is not", async () => {
  for (const list of ["- ```sh\n  a\n  ```", "1. - ~~~\n     a\n     ~~~", "- Run:\n\n  ````\n  ```js\n  ````",
    "```\na\n```js\n```", "``` is `code`"])
    assert.equal(await passageOf(`${list}\n\n- First *one*\n- Descaling was [interrupted](x.md).\n- Last\n`),
      "Descaling was interrupted.", list);
});

test("a long text between marks takes no time", async () => {
  const n = 1 << 17;
  const lines = [`a${"`".repeat(n)}`, "` `` ".repeat(n / 4), "`a``b```c".repeat(n / 8), "<a".repeat(n), "](<".repeat(n),
    "](".repeat(n), "](a".repeat(n), "]((".repeat(n), `](${"(a)".repeat(n)}`, "](()".repeat(n), "*_".repeat(n),
    "\\".repeat(n), "![".repeat(n), "- ".repeat(n), "| ".repeat(n), "> ".repeat(n)].map((it) => `${it}x`);
  assert.equal(await passageOf([...lines, "Descaling was interrupted.\n"].join("\n\n")), "Descaling was interrupted.");
});

test("headings that results lead to are in their pages", async () => {
  const { shards } = engine(folder("agents"));
  let n = 0;
  for (const shard of shards("en"))
    for (let doc = 0; doc < shard.about.documents; doc++) {
      const [address, , , headings] = await shard.record(doc);
      const html = readFileSync(join(folder("agents"), shard.about.locale, address, "index.html"), "utf8");
      for (let i = 0; i < headings.length; i += 2, n++)
        assert.ok(html.includes(`id="${headings[i]}"`), `${address}#${headings[i]}`);
    }
  assert.ok(n > 50, `${n} headings`);
});

test("a misspelled word is asked about, and the answer leads on", async () => {
  const page = await open(browser);
  await page.goto(`${servers.public.url}en/search/?q=parcl`);
  await page.locator("[data-part=meant] a").click();
  await page.waitForURL(/q=parcel$/);
  await settled(page);
  assert.equal(await page.locator("[data-part=meant]").isVisible(), false);
  assert.ok((await titles(page)).length > 3);
  await page.context().close();
});

test("nothing asked: topics; nothing found: ways to reach people; more results on demand", async () => {
  const page = await open(browser);
  await page.goto(`${servers.public.url}en/search/`);
  assert.ok(await page.locator("[data-part=empty] a").first().isVisible());
  const field = page.locator("main input[type=search]");
  await field.fill("xylophonist");
  await page.locator("[data-part=none] .kb-ways").waitFor();
  assert.match(page.url(), /\?q=xylophonist$/);
  assert.deepEqual(await violations(page), []);
  await field.fill("parcel");
  await page.locator("[data-part=more]").click();
  await page.waitForFunction(() => document.querySelectorAll("[data-part=hits] li").length > 10);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("agents narrow results to a type and a topic, and the address keeps it", async () => {
  const page = await open(browser);
  await page.goto(`${servers.agents.url}en/search/?q=refund`);
  await settled(page);
  const all = await titles(page);
  await page.selectOption("[name=types]", { label: "Reply" });
  await page.waitForURL(/types=/);
  await page.waitForFunction((n) => document.querySelectorAll("[data-part=hits] li").length !== n, all.length);
  const replies = await page.locator("[data-part=hits] .kb-badge").allTextContents();
  assert.deepEqual([...new Set(replies)], ["Reply"]);
  const shown = await titles(page);
  await page.reload();
  await settled(page);
  assert.deepEqual(await titles(page), shown);
  await page.selectOption("[name=topics]", { index: 1 });
  await page.waitForURL(/topics=/);
  await page.screenshot({ path: join(shots, "search-agents.png") });
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("from the file system, results have titles and summaries, and lead to pages with marks", async () => {
  const page = await open(browser);
  await page.goto(pathToFileURL(join(folder("public"), "de/index.html")).href);
  await page.keyboard.press("/");
  await page.keyboard.type("Rücksendung");
  await page.keyboard.press("Enter");
  await page.waitForURL(/search\/index\.html\?q=/);
  await page.locator("[data-part=hits] a").first().click();
  await page.waitForURL(/articles\/.*index\.html\?q=/);
  await page.locator("article mark").first().waitFor();
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("without a script, the field leads to a page that says so and has the topics", async () => {
  const page = await open(browser, { javaScriptEnabled: false });
  await page.goto(`${servers.public.url}en/`);
  await page.locator(".kb-hero input").fill("parcel");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/en\/search\/\?q=parcel$/);
  assert.ok(await page.locator("noscript .kb-notice").isVisible());
  assert.ok(await page.locator("main a[href*='topics/']").first().isVisible());
  await page.context().close();
});

test("on a phone, in the dark, and on the missing page", async () => {
  const page = await open(browser, { viewport: phone, colorScheme: "dark" });
  await page.goto(`${servers.public.url}de/search/?q=paket`);
  await settled(page);
  await page.screenshot({ path: join(shots, "search-phone-dark.png") });
  assert.deepEqual(await violations(page), []);
  await page.setViewportSize({ width: 320, height: 640 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320);
  await page.setViewportSize(desktop);
  await page.goto(`${servers.public.url}de/missing/`);
  await page.locator(".kb-lost:not([hidden]) input").fill("paket");
  await page.locator(".kb-lost:not([hidden]) .kb-drop li").first().waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".kb-lost:not([hidden]) .kb-drop").isVisible(), false);
  await page.context().close();
});

test("a question takes few bytes", async () => {
  const page = await open(browser);
  let bytes = 0;
  page.on("response", async (response) => {
    if (/\/search\/|assets\/(search|stem)/.test(response.url()) && /\.js$/.test(new URL(response.url()).pathname))
      bytes += (await response.body()).length;
  });
  await page.goto(`${servers.public.url}en/search/?q=lost+parcel`);
  await settled(page);
  assert.ok(bytes > 10000 && bytes < 80000, `${bytes} bytes`);
  await page.context().close();
});
