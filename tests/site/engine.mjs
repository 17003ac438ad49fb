// The search engine of a published site, without a browser.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

// The value that a script of the site passes to kbPart.
function part(site, path) {
  let value;
  new Function("kbPart", readFileSync(join(site, path), "utf8"))((name, it) => { value = it; });
  return value;
}

export function engine(site) {
  const script = readdirSync(join(site, "assets")).find((name) => /^search\..*js$/.test(name));
  const scope = {};
  new Function("globalThis", "location", readFileSync(join(site, "assets", script), "utf8"))(scope, {});
  const kb = scope.kbSearch;
  const read = { bytes: 0, files: 0 };
  const load = async (folder, name) => {
    read.files++;
    return part(site, `search/${folder}${name}.js`);
  };
  const shards = (locale) => part(site, `search/${locale}.js`).map((about) =>
    kb.openShard(about, load, kb.stemmerOf(about.stemmer ? part(site, about.stemmer) : undefined)));
  return { kb, shards };
}
