// Makes the pictures of README.md and docs/theming.md in docs/images, in light and dark colors. Run it after a
// change that they show:
//
//     make all && tools/install-deps && node tools/pictures.mjs
//
// The site and the audit are screenshots of content-example, in the font Inter if it is
// installed. The findings are the output of kb as an SVG, which has both colors.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "../tests/site/browser.mjs";

const top = resolve(import.meta.dirname, "..");
const kb = join(top, "build/kb");
const images = join(top, "docs/images");
const date = "2026-11-30";
const work = mkdtempSync(join(tmpdir(), "kb-pictures-"));

function run(folder, ...args) {
  try {
    return execFileSync(kb, args, {
      cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, SOURCE_DATE_EPOCH: String(Date.parse(`${date}T12:00:00Z`) / 1000) },
    });
  } catch (error) {
    if (error.status !== 1) throw error; // status 1: there are findings
    return error.stdout;
  }
}

// Findings

// Mistakes that anybody could make: the file, the right text, the wrong text.
const mistakes = [
  ["en/articles/returns/refund.md", "owner: billing", "owner: biling"],
  ["en/replies/refund-sent.md", "review_every: 1y", "review_every: 1 year"],
  ["en/workflows/leak.md", "leak-first-aid.md", "leak-firstaid.md"],
];

function findings() {
  const folder = join(work, "content");
  cpSync(join(top, "content-example"), folder, { recursive: true });
  for (const [name, from, to] of mistakes) {
    const file = join(folder, name);
    const text = readFileSync(file, "utf8");
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${name} has no ${from}`);
    writeFileSync(file, changed);
  }
  return run(folder, "--color", "always", "validate", "--no-cache");
}

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

// One line of a terminal, as SVG text. Each piece is stretched to the width of its cells, so
// that any font fits.
function line(text, y) {
  let column = 0, style = "";
  const out = [];
  for (const [, codes, piece] of text.matchAll(/\x1b\[([0-9;]*)m|([^\x1b]+)/g)) {
    if (codes !== undefined) {
      style = codes === "" || codes === "0" ? "" : codes.split(";").map((code) => `a${code}`).join(" ");
      continue;
    }
    const width = [...piece].length;
    if (piece.trim())
      out.push(`<text x="${20 + column * 8.4}" y="${y}" textLength="${width * 8.4}"${style && ` class="${style}"`}>${escape(piece)}</text>`);
    column += width;
  }
  return out.join("");
}

function terminal(command, output, alternative) {
  const lines = [`\x1b[2m$\x1b[0m \x1b[1m${command}\x1b[0m`, ...output.trimEnd().split("\n")];
  const columns = Math.max(...lines.map((text) => text.replace(/\x1b\[[0-9;]*m/g, "").length));
  const width = Math.ceil(40 + columns * 8.4), height = 30 + lines.length * 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(alternative)}">
<style>
rect{fill:#f6f8fa;stroke:#d1d9e0}
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;fill:#1f2328;white-space:pre}
.a1{font-weight:bold}.a2{fill:#59636e}.a31{fill:#cf222e}.a32{fill:#1a7f37}.a33{fill:#9a6700}.a34,.a36{fill:#0969da}.a35{fill:#8250df}
@media (prefers-color-scheme:dark){
rect{fill:#151b23;stroke:#3d444d}text{fill:#f0f6fc}
.a2{fill:#9198a1}.a31{fill:#ff7b72}.a32{fill:#3fb950}.a33{fill:#d29922}.a34,.a36{fill:#58a6ff}.a35{fill:#bc8cff}}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
${lines.map((text, i) => line(text, 30 + i * 20)).join("\n")}
</svg>
`;
}

// Screenshots

const font = ":root { --kb-font: Inter, 'Noto Sans', sans-serif } body { font-family: Inter, 'Noto Sans', sans-serif }";

// From the heading on that has the text FROM, if given.
async function shot(browser, path, colorScheme, viewport, from) {
  const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true, deviceScaleFactor: 1.5 });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path).href);
  await page.addStyleTag({ content: font });
  await page.evaluate(() => globalThis.document.fonts.ready);
  if (from) await page.locator("h2", { hasText: from }).evaluate((it) => scrollBy(0, it.getBoundingClientRect().top - 24));
  const bytes = await page.screenshot();
  await context.close();
  return bytes;
}

// Puts windows side by side.
async function beside(browser, shots, dark, file) {
  const context = await browser.newContext({ viewport: { width: 1240, height: 640 }, deviceScaleFactor: 1.5 });
  const page = await context.newPage();
  await page.setContent(`<style>
    body { margin: 0; padding: 10px; display: flex; gap: 20px; background: transparent }
    img { width: 600px; height: 620px; border-radius: 12px; outline: 1px solid ${dark ? "#3d444d" : "#d1d9e0"} }
    </style>` + shots.map((bytes) => `<img src="data:image/png;base64,${bytes.toString("base64")}">`).join(""));
  await page.screenshot({ path: file, omitBackground: true });
  await context.close();
}

// Where each design token shows: the page, and an element of it per list of tokens.
const tokens = [
  ["public", "en/index.html", {
    ".kb-hero": "--kb-band", ".kb-hero h1": "--kb-heading-font", ".kb-hero .kb-lead": "--kb-on-band",
    ".kb-topics > li": "--kb-line --kb-radius", ".kb-topics > li:nth-child(2) > p": "--kb-soft",
    ".kb-topics > li:nth-child(3) .kb-topic-children li:last-child a": "--kb-link --kb-accent" }],
  ["public", "en/articles/care/descale/index.html", {
    ".kb-doc-head .kb-lead": "--kb-font --kb-soft", ".kb-prose > p": "--kb-fg --kb-bg --kb-text --kb-leading",
    ".kb-prose": "--kb-measure", ".kb-callout": "--kb-hue-warning", ".kb-prose kbd": "--kb-mono",
    ".kb-header .kb-find": "--kb-edge --kb-control" }],
  ["agents", "en/replies/trace-opened/index.html", {
    ".kb-header .kb-badge": "--kb-hue-audience",
    ".kb-tabs [aria-selected=true]": "--kb-tint", ".kb-side .kb-fields": "--kb-surface",
    ".kb-rich p:nth-of-type(2) .kb-ph": "--kb-hue-warning", ".kb-primary": "--kb-link --kb-on-link" }],
  ["agents", "en/workflows/parcel-missing/index.html", {
    ".kb-go-call": "--kb-hue-important", "#kb-main": "--kb-width", ".kb-lang ul": "--kb-shadow" }],
];

// Runs in the page. Puts a frame and the names of tokens on each element.
function label(names) {
  document.querySelector("details.kb-lang").open = ".kb-lang ul" in names;
  Object.entries(names).forEach(([selector, text]) => {
    const element = document.querySelector(selector);
    if (!element) throw new Error(`no ${selector}`);
    const { left, top, width, bottom } = element.getBoundingClientRect();
    const height = Math.min(bottom, innerHeight - 16) - top;
    const frame = document.body.appendChild(document.createElement("div"));
    frame.style = `position:absolute;z-index:9;left:${left - 3}px;top:${top + scrollY - 3}px;` +
      `width:${width + 6}px;height:${height + 6}px;border:1.5px dashed #d6006c;border-radius:4px;box-sizing:border-box`;
    const name = frame.appendChild(document.createElement("span"));
    name.textContent = text;
    name.style = "position:absolute;right:-1px;bottom:-14px;padding:0 5px;border-radius:4px;background:#d6006c;" +
      "color:#fff;font:600 15px/19px ui-monospace,'Liberation Mono',monospace;white-space:nowrap";
  });
}

async function tokenPicture(browser) {
  const shots = [];
  const context = await browser.newContext({ viewport: { width: 1120, height: 1040 }, bypassCSP: true });
  for (const [audience, path, names] of tokens) {
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(out(audience), path)).href);
    await page.addStyleTag({ content: font });
    await page.evaluate(() => globalThis.document.fonts.ready);
    await page.evaluate(label, names);
    shots.push(await page.screenshot());
  }
  const page = await context.newPage();
  await page.setViewportSize({ width: 1400, height: 900 });
  await page.setContent(`<style>body { margin: 0; padding: 10px; display: grid; grid-template-columns: 1fr 1fr; gap: 10px }
    img { width: 100%; border-radius: 8px; outline: 1px solid #d1d9e0 }</style>` +
    shots.map((bytes) => `<img src="data:image/png;base64,${bytes.toString("base64")}">`).join(""));
  await page.screenshot({ path: join(images, "tokens.png"), fullPage: true });
  await context.close();
}

const out = (audience) => join(work, audience);
const content = join(top, "content-example");
for (const audience of ["public", "agents"])
  run(content, "publish", "--audience", audience, "--out", out(audience), "--as-of", date);
writeFileSync(join(images, "findings.svg"), terminal("kb validate", findings(), "Findings of kb validate, each with a hint"));
run(content, "audit", "--locale", "en", "--as-of", date, "--format", "html", "--output", join(work, "audit.html"), "--fail-level", "none");

const browser = await launch();
for (const scheme of ["light", "dark"]) {
  const window = { width: 900, height: 930 };
  await beside(browser, [
    await shot(browser, join(out("public"), "en/articles/delivery/parcel-not-arrived/index.html"), scheme, window),
    await shot(browser, join(out("agents"), "en/topics/delivery.missing/index.html"), scheme, window),
  ], scheme === "dark", join(images, `site-${scheme}.png`));
  writeFileSync(join(images, `audit-${scheme}.png`),
    await shot(browser, join(work, "audit.html"), scheme, { width: 720, height: 480 }, "Tickets although there is content"));
}
await tokenPicture(browser);
await browser.close();
rmSync(work, { recursive: true });
