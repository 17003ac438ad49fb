// Do the script of a published site and kb find find the same, in the same order?
// usage: node ranks.mjs SITE FOLDER LOCALE AUDIENCE MOST < TEXT
// TEXT's words, and runs of them, are the questions; their keys are compared, too.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { engine } from "../site/engine.mjs";

const [site, folder, locale, audience, most] = process.argv.slice(2);
const tool = resolve(process.env.BUILD ?? "build", "tools/search_batch");
const ask = (args, input) => execFileSync(tool, args,
  { input, encoding: "utf8", maxBuffer: 1 << 30 }).split("\n").slice(0, -1);
const text = readFileSync(0, "utf8").replace(/\r/g, "");
const { kb, shards } = engine(site);
const open = shards(locale);
let wrong = 0;
const tell = (what, theirs, ours) => {
  if (wrong++ < 10) console.log(`${what}\n  kb      ${theirs}\n  script  ${ours}`);
};

// Keys
const lines = text.split("\n").filter((line) => line.trim());
let words = 0;
for (const shard of open) {
  const keys = ask(["-", "keys", shard.about.locale], lines.join("\n") + "\n");
  lines.forEach((line, i) => {
    const ours = kb.wordsOf(line).map((word) => {
      const { keys: own, isFunction } = shard.stemmer(word);
      words++;
      return `${word.fold}:${own.join(",")}${isFunction ? "!" : ""} `;
    }).join("");
    if (ours !== keys[i]) tell(`keys, ${shard.about.locale}`, keys[i], ours);
  });
}

// Questions: runs of one to four words of a line; some with an error, some not yet whole,
// some joined or parted otherwise.
let seed = 1;
const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
const questions = [];
for (let tries = 0; questions.length < Number(most) && tries < 20 * Number(most); tries++) {
  const line = lines[random(lines.length)];
  const own = kb.wordsOf(line);
  if (!own.length) continue;
  const from = random(own.length), to = Math.min(own.length - 1, from + random(4));
  let question = line.slice(own[from].from, own[to].to);
  const kind = random(6), at = random(question.length);
  if (kind === 0) question = question.slice(0, at) + question.slice(at + 1);
  if (kind === 1) question = question.slice(0, -1 - random(3));
  if (kind === 2) question += " ";
  if (kind === 3) question = question.replace(/[ -]/, "");
  if (kind === 4) question = question.replace(/ /, "-");
  if (question.trim() && question.isWellFormed?.() !== false) questions.push(question);
}
const theirs = ask([folder, "find", locale, audience], questions.join("\n") + "\n");
for (const [i, question] of questions.entries()) {
  const { hits } = await kb.find(open, question, 10);
  const ours = await Promise.all(hits.map(async (hit) => `${(await hit.shard.record(hit.doc))[0]} `));
  if (ours.join("") !== theirs[i]) tell(`'${question}'`, theirs[i], ours.join(""));
}
console.log(`${locale}: ${words} words, ${questions.length} questions, ${wrong} differ`);
process.exit(wrong ? 1 : 0);
