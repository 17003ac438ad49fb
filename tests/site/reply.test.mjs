// The page of a reply: fields fill the text as one types, one text a channel, copying.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { folder, locales } from "./sites.mjs";
import { clipboard, launch, open } from "./browser.mjs";
import { serve } from "./server.mjs";

let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(folder("agents"));
});
after(async () => {
  await browser?.close();
  server?.close();
});

const path = "en/replies/trace-opened/";

test("what is typed into a field stands in every text", async () => {
  const page = await open(browser);
  await page.goto(server.url + path);
  const field = page.locator("form.kb-fields input").first();
  const name = await field.getAttribute("name");
  await field.fill("Ms Kovács <b>");
  const values = await page.locator(`[data-ph="${name}"]`).allTextContents();
  assert.ok(values.length > 0);
  assert.deepEqual([...new Set(values)], ["Ms Kovács <b>"]);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

for (const locale of locales)
  test(`${locale}: a filled reply is copied for each channel`, async () => {
    const page = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.goto(`${server.url}${locale}/replies/trace-opened/`);
    for (const input of await page.locator("form.kb-fields input").all()) await input.fill("FILLED");
    for (const choice of await page.locator("form.kb-fields select").all())
      await choice.selectOption({ index: 1 });
    const tabs = page.locator("[role=tab]"), texts = [];
    assert.equal(await tabs.count(), 3);
    for (const tab of await tabs.all()) {
      await tab.click();
      await page.evaluate(() => navigator.clipboard.writeText(""));
      await page.locator(".kb-text:not([hidden]) [data-copy=plain]").click();
      texts.push(await clipboard(page, /FILLED/));
      assert.doesNotMatch(texts.at(-1), /\{\{|<\w/);
    }
    assert.equal(new Set(texts).size, 3);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test("without scripts the text stands there to be copied by hand", async () => {
  const page = await open(browser, { javaScriptEnabled: false });
  await page.goto(server.url + path);
  assert.ok((await page.locator(".kb-texts").innerText()).length > 100);
  assert.equal(await page.locator("form.kb-fields").isVisible(), false);
  await page.context().close();
});
