// Serves a folder with nginx on the loopback address. log is the path of its access log,
// lines() gives what is in it.
// Undefined where nginx is not installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

const answers = (url) => fetch(url).then(() => true, () => false);

export async function nginx(root) {
  if (spawnSync("nginx", ["-v"]).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "kb-nginx-"));
  const port = await freePort();
  const log = join(folder, "access.log");
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
  const redirects = existsSync(join(root, "redirects.map"));
  writeFileSync(join(folder, "nginx.conf"), `
    daemon off; worker_processes 1; pid ${folder}/pid;
    ${userInfo().uid === 0 ? "user root;" : ""}
    error_log ${folder}/error.log; events {}
    http {
      access_log ${log} combined; ${paths}
      types { text/html html; text/css css; text/javascript js; image/svg+xml svg; }
      ${redirects ? `map $uri $kb_redirect { include "${root}/redirects.map"; }` : ""}
      server {
        listen 127.0.0.1:${port}; root "${root}"; error_page 404 /404.html;
        # The browser asks for it where a page names no icon.
        location = /favicon.ico { return 204; }
        ${redirects ? "if ($kb_redirect) { return 301 $kb_redirect; }" : ""}
      }
    }`);
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf"), "-e",
    join(folder, "error.log")], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}/`;
  for (let i = 0; i < 100 && !await answers(url); i++)
    await new Promise((done) => setTimeout(done, 50));
  return {
    url,
    log,
    lines: () => readFileSync(log, "utf8").trim().split("\n"),
    close: async () => {
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}
