// A case page as a desk: the workflow goes step by step in place, replies are read, filled
// in and copied there, and the switches stay for the session.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { folder } from "./sites.mjs";
import { clipboard, launch, open, phone, violations } from "./browser.mjs";
import { serve } from "./server.mjs";

const root = folder("agents");
const path = "en/topics/delivery.missing/";
let browser, server;
before(async () => {
  browser = await launch();
  server = await serve(root);
});
after(async () => {
  await browser?.close();
  server?.close();
});

const settled = (page) => page.waitForFunction(() => {
  const given = /^#kb-path=(?:[^:]*:)?([^@]*)/.exec(location.hash)?.[1] ?? "";
  const guide = document.querySelector(".kb-guide");
  return guide && !guide.hidden && guide.dataset.path === given;
});
const reply = (page, n = 0) => page.locator(".kb-reply").nth(n).locator(".kb-version:not([hidden])");

test("the only workflow starts in place, and its address opens again", async () => {
  const page = await open(browser);
  await page.goto(server.url + path);
  await settled(page);
  await page.locator(".kb-choice").nth(1).click();
  await settled(page);
  assert.match(page.url(), /topics\/delivery\.missing\/#kb-path=parcel-missing:1@/);
  const step = await page.locator(".kb-guide-body h2").innerText();
  const again = await page.context().newPage();
  await again.goto(page.url());
  await settled(again);
  assert.equal(await again.locator(".kb-guide-body h2").innerText(), step);
  await page.locator("[data-tool=map]").click();
  await page.locator(".kb-zoom .kb-now").waitFor(); // the diagram marks the step
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.deepEqual(page.problems, []);
  await page.goto(pathToFileURL(join(root, path, "index.html")).href + "#kb-path=parcel-missing:c.1");
  await settled(page);
  assert.match(await page.locator(".kb-guide-flow").innerText(), /Verify the caller/);
  await page.context().close();
});

test("of several workflows, one is chosen", async () => {
  const page = await open(browser);
  await page.goto(server.url + "en/topics/payment.fraud/");
  const items = page.locator(".kb-case-workflows li[data-id]");
  assert.ok(await items.count() > 0);
  await page.goto(server.url + "en/topics/account/");
  await page.waitForLoadState();
  if (await items.count() > 1) {
    await items.last().locator(".kb-guide-start a").click();
    await settled(page);
    assert.ok(await items.last().locator(".kb-guide").isVisible());
  }
  await page.context().close();
});

test("a step's link to a reply of the case leads to its first empty field", async () => {
  const page = await open(browser);
  await page.goto(server.url + path + "#kb-path=parcel-missing:1");
  await settled(page);
  await page.locator(".kb-guide-body .kb-prose a", { hasText: "neighbors" }).click();
  assert.match(page.url(), /topics\/delivery\.missing/);
  const field = reply(page).locator(".kb-field [name]").first();
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  await page.context().close();
});

test("what is typed fills all replies of the case, for each channel", async () => {
  const page = await open(browser);
  await page.goto(server.url + path);
  await reply(page).locator("[name=order_number]").fill("MG <1>");
  const texts = await page.locator('.kb-version:not([hidden]) [data-ph="order_number"]').allTextContents();
  assert.ok(texts.length > 3);
  assert.deepEqual([...new Set(texts)], ["MG <1>"]);
  await reply(page).locator('.kb-plain .kb-ph:not(.kb-filled), .kb-rich .kb-ph:not(.kb-filled)').locator("visible=true").first().click();
  assert.equal(await page.evaluate(() => document.activeElement.name), "customer_name");
  await page.context().close();
});

test("copying asks while something is empty, and then copies for each channel", async () => {
  const page = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(server.url + path);
  const card = reply(page);
  await card.locator("[name=order_number]").fill("MG-26-104233");
  await card.locator(".kb-text:not([hidden]) [data-copy=plain]").click();
  const ask = card.locator(".kb-confirm");
  assert.match(await ask.innerText(), /How we address the customer/);
  assert.doesNotMatch(await ask.innerText(), /Order number/);
  await ask.locator("[data-ask=fill]").click();
  assert.equal(await page.evaluate(() => document.activeElement.name), "customer_name");
  await card.locator(".kb-text:not([hidden]) [data-copy=plain]").click();
  await ask.locator("[data-ask=copy]").click();
  await clipboard(page, /\{\{customer_name\}\}/);
  for (const input of await card.locator(".kb-field input").all()) await input.fill("FILLED");
  for (const choice of await card.locator(".kb-field select").all()) await choice.selectOption({ index: 1 });
  const tabs = card.locator("[role=tab]");
  assert.equal(await tabs.count(), 3);
  for (const tab of await tabs.all()) {
    await tab.click();
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await card.locator(".kb-text:not([hidden]) [data-copy=plain]").click();
    const text = await clipboard(page, /FILLED/);
    assert.doesNotMatch(text, /\{\{/);
  }
  await page.context().close();
});

test("the case note is in the language of the reply, as text and as Markdown", async () => {
  const page = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(server.url + path + "#kb-path=parcel-missing:c.1.1.1");
  await settled(page);
  const note = page.locator(".kb-note pre");
  const shows = (text) => page.waitForFunction((wanted) =>
    document.querySelector(".kb-note pre").textContent.includes(wanted), text);
  await shows("Outcome: ");
  const english = await note.textContent();
  const steps = (text) => text.match(/^\d+\. /gm).length;
  await page.locator("select[name=replies]").selectOption("de");
  await shows("Ergebnis: ");
  const german = await note.textContent();
  assert.equal(await note.getAttribute("lang"), "de");
  assert.equal(steps(german), steps(english));
  assert.match(german, /^Datum: \d+\. \S+ \d{4} um \d\d:\d\d\n/);
  assert.match(german, /^Ablauf: Paket ist nicht angekommen \(Stand [0-9a-f]{10}\)$/m);
  assert.doesNotMatch(german, /Parcel has not arrived|Outcome/);
  assert.match(german, /#kb-path=parcel-missing:c\.1\.1\.1@/);
  await page.locator(".kb-note summary").click();
  await page.locator(".kb-note input").fill("4711");
  await page.locator("[data-note=markdown]").click();
  await clipboard(page, /\*\*Ergebnis:\*\* /);
  await page.locator("[data-note=text]").click();
  assert.match(await clipboard(page, /^Datum: /), /^Fallnummer: 4711$/m);
  await page.locator("select[name=replies]").selectOption("hu");
  await shows("Eredmény: ");
  // Austria's reply, and a workflow that Austrians read in German.
  await page.locator("select[name=replies]").selectOption("de-AT");
  await shows("Ergebnis: ");
  await page.locator("select[name=replies]").selectOption("en");
  await shows("Outcome: ");
  assert.match(await note.textContent(), /Parcel has not arrived/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test("region and language stay for the session", async () => {
  const page = await open(browser);
  await page.goto(server.url + path + "#kb-path=parcel-missing:1");
  await settled(page);
  await page.locator("select[name=region]").selectOption("AT");
  await page.locator("select[name=replies]").selectOption("hu");
  assert.match(page.url(), /\?region=AT&replies=hu#kb-path=/);
  await page.goto(server.url + "en/topics/delivery.damaged/");
  assert.equal(await page.locator("select[name=replies]").inputValue(), "hu");
  assert.equal(await reply(page).getAttribute("data-lang"), "hu");
  await page.context().close();
});

test("an empty case leads to the topic above, the search and the owner", async () => {
  const page = await open(browser);
  await page.goto(server.url + "en/topics/order.parts/");
  const panel = page.locator(".kb-empty");
  if (await panel.count()) {
    assert.ok(await panel.locator('a[href$="/topics/order/"]').count());
    assert.ok(await panel.locator('a[href*="/search/"]').count());
    assert.match(await panel.innerText(), /workshop/i);
  }
  await page.context().close();
});

test("axe finds nothing, nothing is too wide, and no page is heavy", async () => {
  for (const [locale, colorScheme] of [["en", "light"], ["de", "dark"], ["hu", "light"]]) {
    const page = await open(browser, { colorScheme, viewport: phone });
    const bodies = [];
    page.on("response", (response) => bodies.push(response.body()));
    await page.goto(`${server.url}${locale}/topics/delivery.missing/`, { waitUntil: "networkidle" });
    await settled(page);
    assert.deepEqual(await violations(page), []);
    const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
    assert.ok(bytes < 30 * 1024, `${locale}: ${bytes} bytes with its workflow`);
    await page.setViewportSize({ width: 320, height: 640 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320);
    await page.context().close();
  }
});

test("without scripts the workflow is a link and the replies can be read", async () => {
  const page = await open(browser, { javaScriptEnabled: false });
  await page.goto(server.url + path);
  assert.ok(await reply(page).locator(".kb-rich, .kb-plain").first().isVisible());
  assert.equal(await page.locator(".kb-guide").count(), 0);
  assert.ok(readFileSync(join(root, path, "index.html"), "utf8").includes("workflows/parcel-missing/"));
  await page.context().close();
});
