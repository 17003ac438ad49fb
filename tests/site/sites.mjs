// Publishes content-example for the public and for agents, once, and finds a page of
// each kind in each language. Browser packages come from build/node.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";

export const top = resolve(import.meta.dirname, "../..");
const build = resolve(top, process.env.BUILD ?? "build");
export const require = createRequire(join(top, "build/node/"));
export const kb = join(build, "kb");
export const shots = join(top, "build/screenshots");
export const audiences = ["public", "agents"];
export const locales = ["en", "de", "hu"];

process.env.SOURCE_DATE_EPOCH = "1795305600"; // 2026-11-22
const out = join(build, "tests-site");

export const folder = (audience) => join(out, audience);

// Status 1 means findings; the sites are looked at all the same.
function run(...args) {
  try {
    execFileSync(kb, args, {
      cwd: join(top, "content-example"),
      stdio: ["ignore", "ignore", "pipe"],
    });
  } catch (error) {
    throw new Error(`kb ${args.join(" ")}: status ${error.status}\n${error.stderr}`);
  }
}

export function publish() {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(shots, { recursive: true });
  for (const audience of audiences) run("publish", "--audience", audience, "--out", folder(audience));
}

export function htmlFiles(root) {
  return readdirSync(root, { recursive: true })
    .filter((name) => name.endsWith(".html"))
    .map((name) => join(root, name))
    .sort();
}

const kindOf = (html) => /<body class="[^"]*kb-page-([a-z0-9-]+)/.exec(html)?.[1];

// The page of each kind that has the most on it, for an audience and a locale:
// {kind: path relative to the site}. Pages without a kind (redirects) are left out.
export const pagesByKind = (audience, locale) => pagesIn(folder(audience), locale);

export function pagesIn(root, locale) {
  const best = {};
  for (const file of htmlFiles(join(root, locale))) {
    const html = readFileSync(file, "utf8");
    const kind = kindOf(html);
    if (kind && html.length > (best[kind]?.size ?? 0))
      best[kind] = { size: html.length, path: relative(root, file) };
  }
  const pages = Object.fromEntries(Object.entries(best).map(([kind, page]) => [kind, page.path]));
  for (const name of ["index.html", "404.html"])
    if (existsSync(join(root, name))) pages[name === "index.html" ? "root" : "404"] = name;
  return pages;
}
