#!/usr/bin/env node
/* kb find beside Pagefind: internal links' texts are queries, their targets are wanted.

usage: bench/search.mjs CONTENT SITE [KB] [MOST]

CONTENT is a content folder, SITE what kb publish made of it and pagefind --site has indexed.
Both sides are judged by the title of the page
that is wanted; MOST queries a locale (default 60), spread over all. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const [content, site, kb = 'build/kb', most = 60] = process.argv.slice(2);
const plain = html => html.replace(/<[^>]*>/g, ' ').replace(/&amp;/g, '&').replace(/&#39;|&rsquo;/g, "'")
	.replace(/&quot;/g, '"').replace(/&nbsp;/g, ' ').replace(/\s+/g, ' ').trim();

const pages = new Map();
for (const name of fs.readdirSync(site, {recursive: true})) {
	if (!name.endsWith('index.html')) continue;
	const html = fs.readFileSync(path.join(site, name), 'utf8');
	const title = html.match(/<h1[^>]*>([\s\S]*?)<\/h1>/), lang = html.match(/<html lang="([^"]*)"/);
	if (!title || !lang || html.includes('kb-page-redirect')) continue;
	pages.set(path.dirname(name), {title: plain(title[1]), lang: lang[1], html,
		document: /\/(articles|workflows|replies|reference)\//.test(name)});
}
const queries = new Map();
for (const [dir, page] of pages) {
	const main = page.document && page.html.match(/<main[\s\S]*<\/main>/);
	for (const [, href, text] of (main ? main[0] : '').matchAll(/<a [^>]*href="([^"#:]*)[^"]*"[^>]*>([\s\S]*?)<\/a>/g)) {
		const to = path.normalize(path.join(dir, href)).replace(/\/$/, ''), query = plain(text);
		const target = pages.get(to);
		if (!target?.document || to === dir || target.lang !== page.lang || query.split(' ').length < 2) continue;
		if (!queries.has(target.lang)) queries.set(target.lang, new Map());
		queries.get(target.lang).set(query + '\0' + target.title, {query, title: target.title});
	}
}

const server = http.createServer((request, response) => {
	const file = path.join(site, decodeURIComponent(request.url.split('?')[0]));
	fs.readFile(file, (error, data) => { response.statusCode = error ? 404 : 200; response.end(data); });
});
await new Promise(done => server.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${server.address().port}/pagefind/`;

const fetched = globalThis.fetch;
globalThis.fetch = (url, options) => fetched(new URL(url, base), options);

async function askPagefind(lang, query) {
	globalThis.document = {querySelector: () => ({getAttribute: () => lang}), documentElement: {lang}, currentScript: null};
	globalThis.window = {location: {origin: new URL(base).origin}};
	const pagefind = engines[lang] ??= await (async () => {
		const engine = await import(path.resolve(site, 'pagefind/pagefind.js') + '?' + lang);
		await engine.options({basePath: base, baseUrl: '/'});
		return engine;
	})();
	const found = await pagefind.search(query);
	return (await Promise.all(found.results.slice(0, 10).map(r => r.data()))).map(d => d.meta.title);
}
const engines = {};

function askKb(lang, query) {
	try {
		return JSON.parse(execFileSync(kb, ['-C', content, 'find', '--locale', lang, '--audience', 'public',
			'-n', '10', '--format', 'json', '--', query], {stdio: ['ignore', 'pipe', 'ignore']})).hits.map(h => h.title);
	} catch (error) {
		if (error.status === 1) return [];
		throw error;
	}
}

function tally(ranks) {
	const share = n => (ranks.filter(r => r && r <= n).length / ranks.length).toFixed(3);
	const mrr = ranks.reduce((sum, r) => sum + (r ? 1 / r : 0), 0) / ranks.length;
	return `hit@1 ${share(1)}  @5 ${share(5)}  @10 ${share(10)}  MRR ${mrr.toFixed(3)}`;
}

for (const [lang, all] of [...queries].sort()) {
	const list = [...all.values()].filter((_, i, a) => i % Math.ceil(a.length / most) === 0);
	const same = s => s.replace(/\s+/g, ' ').trim();
	const ranks = {kb: [], pagefind: []};
	for (const {query, title} of list) {
		ranks.kb.push(askKb(lang, query).map(t => same(t)).indexOf(title) + 1);
		ranks.pagefind.push((await askPagefind(lang, query)).map(t => same(t)).indexOf(title) + 1);
	}
	for (const side of ['kb', 'pagefind'])
		console.log(`${lang} ${String(list.length).padStart(4)} queries  ${side.padEnd(9)} ${tally(ranks[side])}`);
}
server.close();
