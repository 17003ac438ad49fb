// A Chromium without a network of its own. A page's console errors, failed requests and
// violations of its Content-Security-Policy are collected in page.problems.
import { readFileSync } from "node:fs";
import { require } from "./sites.mjs";

const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 900 };

export async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: desktop, ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.problems.push(message.text());
  });
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("requestfailed", (request) => {
    // Who goes on to another page ends what the first one was loading.
    const aborted = request.failure()?.errorText === "net::ERR_ABORTED";
    if (!aborted) page.problems.push(`failed: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) page.problems.push(`${response.status()}: ${response.url()}`);
  });
  return page;
}

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const find = async (page, runOnly) => {
  await page.evaluate(axe);
  const result = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), runOnly);
  return result.violations.map((v) =>
    `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(" | ")}`);
};
// axe is run in an isolated world of its own, which the page's policy does not reach.
export const violations = (page) => find(page, standards);
// Of a page that was looked at, once its colors are others.
export const faintTexts = (page) => find(page, { type: "rule", values: ["color-contrast"] });

// What is on the clipboard, once it matches.
export async function clipboard(page, pattern) {
  for (let i = 0; i < 50; i++) {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    if (pattern.test(text)) return text;
    await page.waitForTimeout(100);
  }
  throw new Error(`the clipboard never matches ${pattern}`);
}
