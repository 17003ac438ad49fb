// The page for missing addresses, where a server can only serve files: former addresses by
// their beginning or their query, in the reader's language, and nothing else.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { kb } from "./sites.mjs";
import { launch, open, violations } from "./browser.mjs";
import { serve } from "./server.mjs";

const files = {
  "kb.yaml": `name: Help
base_url: https://h.example/help
locales: [en, de]
contact: [{channel: email, label: Write, email: a@h.example}]
redirects:
  /old/*: /en/
  /old/shop*: https://shop.example/new
  /kb.php?id=3: /en/articles/milk/
  /kb.php?title=Milk%20system&lang=d%C3%A9: /en/articles/milk/
  /loop/*: PLACE/help/loop/again
  /once/*: PLACE/help/kb.php?id=3
`,
  "taxonomy.yaml": "issues: [{id: care, label: Care, owner: team}]\n",
  "people.yaml": "team: {name: Team}\n",
  "en/articles/milk.md": `---
title: Clean the milk system
issues: [care]
owner: team
aliases: [/hc/en-us/articles/360012*, /hc/Körbe*]
---
Rinse.
`,
  "de/articles/milk.md": `---
title: Milchsystem reinigen
issues: [care]
owner: team
aliases: [/hc/en-us/articles/360012*]
---
Spülen.
`,
};

let browser, site, folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "lost-"));
  mkdirSync(join(folder, "site"));
  site = await serve(join(folder, "site"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "kb", name)), { recursive: true });
    writeFileSync(join(folder, "kb", name), text.replaceAll("PLACE/", site.url));
  }
  execFileSync(kb, ["publish", "-q", "--out", join(folder, "site/help")], { cwd: join(folder, "kb") });
  copyFileSync(join(folder, "site/help/404.html"), join(folder, "site/404.html"));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  site?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

// Where a reader comes to from an address, below the site's root.
async function comesTo(address, options) {
  const page = await open(browser, options);
  await page.route("https://shop.example/**", (route) => route.fulfill({ body: "shop" }));
  await page.goto(site.url + address);
  await page.waitForLoadState("networkidle");
  const to = page.url().replace(site.url, "");
  await page.context().close();
  return to;
}

test("an address that begins as a former one leads on, with its query and its part", async () => {
  assert.equal(await comesTo("help/hc/en-us/articles/360012345-Milk"), "help/en/articles/milk/");
  assert.equal(await comesTo("help/hc/en-us/articles/3600120?a=1&b=%3C#rinse"), "help/en/articles/milk/?a=1&b=%3C#rinse");
  assert.equal(await comesTo("help/HC/EN-us//articles/3600129"), "help/en/articles/milk/");
  assert.equal(await comesTo("help/hc/k%C3%B6rbe/x"), "help/en/articles/milk/");
  assert.equal(await comesTo("help/hc/Ko%CC%88rbe"), "help/en/articles/milk/");
  // The reader's language, where the address is that of several translations.
  assert.equal(await comesTo("help/hc/en-us/articles/3600127", { locale: "de-AT" }), "help/de/articles/milk/");
});

test("the longest beginning counts, and another site gets nothing of the address", async () => {
  assert.equal(await comesTo("help/old/any/where"), "help/en/");
  assert.equal(await comesTo("help/old/shopping?token=1#x"), "https://shop.example/new");
});

test("an address with a query leads on, with this query alone", async () => {
  assert.equal(await comesTo("help/kb.php?id=3"), "help/en/articles/milk/");
  assert.equal(await comesTo("help/kb.php?id=3&x=1"), "help/kb.php?id=3&x=1");
  assert.equal(await comesTo("help/kb.php?id=33"), "help/kb.php?id=33");
  for (const query of ["title=Milk+system&lang=d%C3%A9", "lang=d%c3%a9&title=Milk%20system", "title=%4Dilk%20system&lang=dé"])
    assert.equal(await comesTo(`help/kb.php?${query}`), "help/en/articles/milk/", query);
  for (const query of ["title=milk+system&lang=d%C3%A9", "title=Milk%2Bsystem&lang=d%C3%A9", "title=Milk+system"])
    assert.match(await comesTo(`help/kb.php?${query}`), /^help\/kb.php/, query);
});

test("an address outside of the site's folder leads nowhere, and no redirect loops", async () => {
  for (const address of ["hc/en-us/articles/360012345", "helq/hc/en-us/articles/360012345", "other/old/x",
    "hel/hc/en-us/articles/360012345", "xhelp/kb.php?id=3"])
    assert.equal(await comesTo(address), address);
  assert.equal(await comesTo("help/loop/x"), "help/loop/x");
  assert.equal(await comesTo("help/loop/x?a=1#b"), "help/loop/x?a=1#b");
  assert.equal(await comesTo("help/once/x"), "help/en/articles/milk/");
});

test("no address leads to where it says", async () => {
  for (const address of ["help//evil.example/x", "help/https://evil.example/", "help/%2F%2Fevil.example",
    "help/javascript:alert(1)", "help/old%2f..%2f..%2f/evil.example", "help/%ff%fe", "help/x%3Cscript%3Ealert(1)%3C/script%3E"]) {
    const to = await comesTo(address);
    assert.ok(to.startsWith("help/"), `${address}: ${to}`);
  }
});

test("else the words of the address are in the search field", async () => {
  const page = await open(browser);
  const field = page.locator(".kb-lost:visible input[type=search]");
  for (const [address, words] of [["help/hc/articles/360099999-How-to-descale%20it.html", "How to descale it"],
    ["help/de/articles/kaputte_Mühle/", "kaputte Mühle"], ["help/12/345", ""],
    ["help/a/index.html", "a"], ["help/x%3Cscript%3Ealert(1)%3C/", "x script alert 1"]]) {
    await page.goto(site.url + address);
    assert.equal(await field.inputValue(), words, address);
  }
  await page.goto(`${site.url}help/de/nichts`);
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  assert.deepEqual(await violations(page), [], "axe");
  assert.deepEqual(page.problems.filter((it) => !/404/.test(it)), []);
  await page.context().close();
});
