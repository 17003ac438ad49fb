// Each kind of page, in each language, for both audiences, in a real browser: no error on
// the console, nothing that axe finds, nothing wider than a phone, nothing that needs a
// server. A screenshot of each in English is kept under build/screenshots; SHOTS=1 takes them in
// all languages.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { audiences, folder, locales, pagesByKind, shots } from "./sites.mjs";
import { desktop, faintTexts, launch, open, phone, violations } from "./browser.mjs";
import { serve } from "./server.mjs";

const kinds = {
  public: ["root", "home", "list", "topic", "faq", "contact", "search", "changes", "article", "404"],
  agents: ["root", "home", "list", "topic", "faq", "contact", "search", "changes", "article", "workflow", "reply",
    "reference", "404"],
};
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

async function shoot(page, name) {
  if (!name.includes("-en-") && !process.env.SHOTS) return;
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

test("a page is copied as Markdown, in each language", async () => {
  for (const locale of locales) {
    const page = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
    const path = dirname(pagesByKind("public", locale).article);
    await page.goto(`${servers.public.url}${path}/`);
    const button = page.locator("[data-markdown]");
    const { copied } = await button.evaluate((it) => ({ ...it.dataset }));
    await button.click();
    await page.locator("[data-markdown] + [role=status]", { hasText: copied }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()),
      readFileSync(join(folder("public"), path, "index.html.md"), "utf8"));
    assert.deepEqual(page.problems, []);
    // Where the file is missing, the page says so.
    await page.route("**/index.html.md", (route) => route.fulfill({ status: 404 }));
    await button.click();
    const { failed } = await button.evaluate((it) => ({ ...it.dataset }));
    await page.locator("[data-markdown] + [role=status]", { hasText: failed }).waitFor();
    await page.context().close();
  }
});

for (const audience of audiences) {
  for (const locale of locales) {
    const pages = pagesByKind(audience, locale);
    test(`${audience} ${locale}: there is a page of each kind`, () => {
      assert.deepEqual(kinds[audience].filter((kind) => !pages[kind]), []);
    });
    for (const [kind, path] of Object.entries(pages)) {
      if ((kind === "root" || kind === "404") && locale !== locales[0]) continue;
      if (kind === "redirect") continue; // gone before it can be looked at
      test(`${audience} ${locale} ${kind} (${path})`, async () => {
        const page = await open(browser, { viewport: desktop });
        const name = `${audience}-${locale}-${kind}`;
        await page.goto(servers[audience].url + path, { waitUntil: "load" });
        assert.equal(await page.locator("h1").count(), 1, "one h1");
        await shoot(page, `${name}-desktop-light`);
        assert.deepEqual(await violations(page), [], "axe, light");
        await page.emulateMedia({ colorScheme: "dark" });
        await shoot(page, `${name}-desktop-dark`);
        assert.deepEqual(await faintTexts(page), [], "axe, dark");
        await page.setViewportSize(phone);
        await shoot(page, `${name}-phone-dark`);
        await page.emulateMedia({ colorScheme: "light" });
        await shoot(page, `${name}-phone-light`);
        await page.setViewportSize({ width: 320, height: 640 });
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= 320, `${width} px wide on a screen of 320`);
        assert.deepEqual(page.problems, []);
        await page.context().close();
      });
    }
  }
}

test("a site opens from the file system, and its links work there", async () => {
  const page = await open(browser);
  await page.goto(pathToFileURL(join(folder("public"), "index.html")).href);
  await page.locator('main a[lang="de"], main a[hreflang="de"]').first().click();
  await page.waitForURL(/\/de\/index\.html$/);
  await page.locator("main a[href*='articles/']").first().click();
  await page.waitForURL(/\/de\/articles\/.*index\.html$/);
  assert.equal(await page.locator("h1").count(), 1);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("an address that translations share leads to the reader's language", async () => {
  for (const [locale, address] of [["de-DE", /\/de\/articles\//], ["hu", /\/hu\/articles\//]]) {
    const page = await open(browser, { locale });
    await page.goto(servers.public.url + "e/E05/");
    await page.waitForURL(address);
    await page.context().close();
  }
  const page = await open(browser, { locale: "fi" });
  await page.goto(servers.public.url + "e/E05/");
  assert.ok(await page.locator("main a[hreflang]").count() > 1, "a choice of languages");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("without scripts, an article, the FAQ and the language menu work", async () => {
  const page = await open(browser, { javaScriptEnabled: false });
  await page.goto(servers.public.url + "en/faq/");
  const first = page.locator("main details").first();
  await first.locator("summary").click();
  assert.notEqual(await first.getAttribute("open"), null);
  await page.context().close();
});
