// The search engine of a published site, without a browser.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

// The value that a script of the site passes to kbPart.
function part(site, path, seen) {
  const file = join(site, path);
  let value;
  seen(file);
  new Function("kbPart", readFileSync(file, "utf8"))((name, it) => { value = it; });
  return value;
}

// SEEN is told of each file that is read.
export function engine(site, seen = () => {}) {
  const script = readdirSync(join(site, "assets")).find((name) => /^search\..*js$/.test(name));
  const scope = {};
  new Function("globalThis", "location", readFileSync(join(site, "assets", script), "utf8"))(scope, {});
  const kb = scope.kbSearch;
  const load = async (folder, name) => part(site, `search/${folder}${name}.js`, seen);
  const shards = (locale) => part(site, `search/${locale}.js`, seen).map((about) =>
    kb.openShard(about, load,
      kb.stemmerOf(about.stemmer ? part(site, about.stemmer, seen) : undefined)));
  return { kb, shards };
}
