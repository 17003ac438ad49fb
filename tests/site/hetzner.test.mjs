// A help center that was written for another tool: Hetzner's tutorials, adopted by 'kb init
// --adopt', in English and German. Skipped where ../shared does not have them.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { htmlFiles, kb, pagesIn, top } from "./sites.mjs";
import { faintTexts, launch, open, phone, violations } from "./browser.mjs";
import { serve } from "./server.mjs";
import { validator } from "./validator.mjs";

const bundle = join(top, "../shared/corpus/hetzner.bundle");
const skip = existsSync(bundle) ? false : "there is no ../shared/corpus/hetzner.bundle";
let browser, server, work, site;

before(async () => {
  if (skip) return;
  work = mkdtempSync(join(tmpdir(), "kb-hetzner-"));
  site = join(work, "site");
  const run = (command, ...args) => execFileSync(command, args, { cwd: join(work, "content"), stdio: "ignore" });
  execFileSync("git", ["clone", "-q", bundle, join(work, "content")], { stdio: "ignore" });
  run(kb, "init", "--adopt");
  run("git", "add", "-A");
  run("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "Adopt");
  run("bash", "-c", '"$0" publish -q --locale en --locale de --out "$1" || [ $? = 1 ]', kb, site);
  browser = await launch();
  server = await serve(site);
});
after(async () => {
  await browser?.close();
  server?.close();
  if (work) rmSync(work, { recursive: true });
});

const hits = (page) => page.locator("[data-part=hits] > li");

for (const [locale, typed, section] of [["en", "brotli nginx", /\/en\/.*#step-/], ["de", "ssh key ablegen", /\/de\/.*#/]])
  test(`${locale}: by keyboard from the home page to a section with marks`, { skip }, async () => {
    const page = await open(browser);
    await page.goto(`${server.url}${locale}/`);
    await page.keyboard.press("/");
    await page.keyboard.type(typed);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\/\?q=/);
    await hits(page).first().waitFor();
    await page.locator("main input[type=search]").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(section);
    await page.locator("article mark").first().waitFor();
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

// What is asked, and the title that answers it.
const questions = {
  en: { "nginx brotli": /NGINX with Brotli/, "terraform object storage backend": /S3 as a Terraform Backend/,
    "webdav storage box macos": /WebDAV on macOS/, guacamole: /Guacamole/, "lemp stack ubuntu": /LEMP Stack on Ubuntu/,
    "django s3": /Django with Nginx and S3/, "certificate authority ssh": /SSH Certificate Authority/,
    "node-red docker": /Node-RED with Docker/, "borg backup": /BorgBackup/, "minecraft servr": /Minecraft/ },
  de: { "node-red docker": /Node-RED mit Docker/, gotify: /Gotify/, "vollverschlüsselt almalinux": /AlmaLinux 10/,
    wireguard: /WireGuard/, "ssh key": /SSH-Key einrichten/, Nextcloud: /Nextcloud/, firewall: /Firewall/,
    "Datensicherung borg": /BorgBackup/, Minecraft: /Minecraft/, "Docker installieren": /Docker installieren/ },
};
for (const [locale, known] of Object.entries(questions))
  test(`${locale}: ten questions with known answers, the same as kb find`, { skip }, async () => {
    const page = await open(browser);
    for (const [question, answer] of Object.entries(known)) {
      const found = JSON.parse(execFileSync(kb, ["find", "--locale", locale, "--audience", "public",
        "--format", "json", "--", question], { cwd: join(work, "content"), stdio: ["ignore", "pipe", "ignore"] }));
      await page.goto(`${server.url}${locale}/search/?q=${encodeURIComponent(question)}`);
      await hits(page).first().waitFor();
      const titles = await hits(page).locator(".kb-item-title > a").allTextContents();
      assert.deepEqual(titles, found.hits.map((hit) => hit.title), question);
      assert.match(titles[0], answer);
    }
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

for (const locale of ["en", "de"])
  test(`${locale}: each kind of page, light and dark, on a phone, in print, from right to left`, { skip }, async () => {
    const page = await open(browser);
    const pages = pagesIn(site, locale);
    assert.ok(["home", "list", "search", "changes", "article"].every((kind) => pages[kind]));
    for (const [kind, path] of Object.entries(pages)) {
      if (kind === "redirect" || (locale === "de" && kind === "404")) continue;
      const report = await validator.validateFile(join(site, path));
      assert.deepEqual(report.results.flatMap((it) => it.messages.map((m) => `${path}:${m.line}: ${m.message}`)), []);
      await page.goto(server.url + path);
      // Its authors chose the levels of headings.
      await page.emulateMedia({ colorScheme: "light", media: "screen" });
      const found = await violations(page);
      assert.deepEqual(found.filter((it) => !/^heading-order/.test(it)), [], path);
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(await faintTexts(page), [], `${path}, dark`);
      await page.setViewportSize({ width: 320, height: 640 });
      for (const [dir, media] of [["ltr", "screen"], ["rtl", "screen"], ["ltr", "print"]]) {
        await page.emulateMedia({ media });
        const width = await page.evaluate((to) => {
          document.documentElement.dir = to;
          return document.documentElement.scrollWidth;
        }, dir);
        assert.ok(width <= 320, `${path}, ${dir}, ${media}: ${width} px`);
      }
      await page.setViewportSize(phone);
    }
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

test("a tutorial without a translation, and one without a script", { skip }, async () => {
  const page = await open(browser, { javaScriptEnabled: false });
  const english = htmlFiles(join(site, "de/articles"))
    .find((file) => readFileSync(file, "utf8").includes("kb-notice-fallback"));
  await page.goto(server.url + relative(site, english));
  assert.match(await page.locator(".kb-notice-fallback").innerText(), /Englisch/);
  assert.ok((await page.locator("article .kb-prose").first().innerText()).length > 1000);
  await page.context().close();
});
