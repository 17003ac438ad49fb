// Serves a folder on the loopback address, as a plain web server would. lines() gives an
// access log.
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
  ".svg": "image/svg+xml", ".png": "image/png", ".xml": "application/xml",
  ".json": "application/json", ".txt": "text/plain; charset=utf-8",
};

export async function serve(root) {
  const lines = [];
  const server = createServer(async (request, response) => {
    response.on("finish", () => lines.push(`127.0.0.1 - - [-] "${request.method} ` +
      `${request.url} HTTP/1.1" ${response.statusCode} 0 "-" "-"`));
    try {
      const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
      let file = join(root, normalize(path));
      if ((await stat(file)).isDirectory()) file = join(file, "index.html");
      const body = await readFile(file);
      response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
      response.end(body);
    } catch {
      const body = await readFile(join(root, "404.html")).catch(() => "");
      response.writeHead(404, { "content-type": types[".html"] });
      response.end(body);
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, lines: () => lines,
    close: () => server.close() };
}
