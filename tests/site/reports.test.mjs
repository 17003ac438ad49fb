// The reports that kb writes as one page each, of a change of content-example: nothing that
// axe finds in light or dark, nothing wider than a phone, nothing fetched. Screenshots are
// kept under build/screenshots.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { kb, shots, top } from "./sites.mjs";
import { validator } from "./validator.mjs";
import { desktop, launch, open, phone, violations } from "./browser.mjs";

const reports = {
  diff: ["diff", "HEAD~1", "HEAD"],
  translations: ["diff", "--translations"],
  changes: ["changes", "--since", "HEAD~1"],
  log: ["log", "refund"],
  audit: ["audit", "--fail-level", "none"],
  owners: ["owners", "--list"],
  stats: ["stats", "report"],
  feedback: ["feedback", "list"],
};
const env = { ...process.env, SOURCE_DATE_EPOCH: "1795564800" };
for (const who of ["AUTHOR", "COMMITTER"]) {
  env[`GIT_${who}_NAME`] = "Tester";
  env[`GIT_${who}_EMAIL`] = "tester@example.org";
  env[`GIT_${who}_DATE`] = "1795219200 +0000";
}
let browser;
let dir;

const run = (program, ...args) =>
  execFileSync(program, args, { cwd: join(dir, "example"), env, stdio: ["ignore", "ignore", "pipe"] });

function edit(path, ...replacements) {
  const file = join(dir, "example", path);
  let text = readFileSync(file, "utf8");
  for (const [from, to] of replacements) {
    assert.ok(text.includes(from), `${path} has '${from}'`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}

before(async () => {
  browser = await launch();
  dir = mkdtempSync(join(tmpdir(), "kb-reports-"));
  cpSync(join(top, "content-example"), join(dir, "example"), { recursive: true });
  run("git", "init", "-q");
  run("git", "add", "-A");
  run("git", "commit", "-qm", "one");
  edit("en/workflows/parcel-missing.md", ["[There is no proof](#choice)",
    "[There is no proof](kb:escalate/logistics)"], ["## Check the stock", "## Check the warehouse"]);
  edit("en/articles/returns/refund.md", ["| at once |", "| within 2 days |"],
    ["You get a list with photos **before** we pay. ", ""]);
  run("git", "mv", "en/articles/returns/repair.md", "en/articles/care/repair.md");
  run("git", "add", "-A");
  for (const who of ["AUTHOR", "COMMITTER"]) env[`GIT_${who}_DATE`] = "1795478400 +0000";
  run("git", "commit", "-qm", "two");
  for (const [name, args] of Object.entries(reports))
    run(kb, ...args, "--format", "html", "--output", join(dir, `${name}.html`));
});
after(async () => {
  await browser?.close();
  rmSync(dir, { recursive: true, force: true });
});

for (const name of Object.keys(reports)) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [screen, viewport] of Object.entries({ desktop, phone })) {
      test(`${name}, ${colorScheme}, ${screen}`, async () => {
        const page = await open(browser, { viewport, colorScheme });
        await page.goto(pathToFileURL(join(dir, `${name}.html`)).href);
        assert.deepEqual(await violations(page), []);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= viewport.width, `${width} px wide`);
        const starts = await page.evaluate(() => [...document.querySelectorAll("h1, figure svg")]
          .map((it) => Math.round(it.getBoundingClientRect().left)));
        if (screen === "desktop" && name === "audit") assert.deepEqual(new Set(starts).size, 1, starts.join());
        assert.deepEqual(page.problems, []);
        await page.screenshot({ path: join(shots, `report-${name}-${colorScheme}-${screen}.png`),
          fullPage: true });
        await page.context().close();
      });
    }
  }
}

// A page of its own may have styles in it.
test("html-validate finds no error", async () => {
  for (const name of Object.keys(reports)) {
    const { results } = await validator.validateFile(join(dir, `${name}.html`));
    const found = results.flatMap(({ messages }) => messages).filter((it) => it.ruleId !== "no-inline-style")
      .map((it) => `${it.line}:${it.column}: ${it.message} [${it.ruleId}]`);
    assert.deepEqual(found.slice(0, 5), [], name);
  }
});
