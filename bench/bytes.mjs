/* What a browser fetches for a first search and for a later one, with kb's search and with
Pagefind, on the same pages: ten results of kb, five of Pagefind. Of the first two results
kb reads the page's Markdown, for its best passage, where the title, the heading and the
summary don't show the query's words. Prints means, raw and gzipped. Queries are the titles
and headings of the pages.

usage: node bench/bytes.mjs SITE MOST     SITE is indexed by both; at most MOST queries a locale */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import {pathToFileURL} from 'node:url';
import {engine} from '../tests/site/engine.mjs';

const [site, most] = [process.argv[2], Number(process.argv[3] ?? 20)];
let fetched = {raw: 0, gzip: 0, files: 0};
const count = file => {
	const data = fs.readFileSync(file);
	fetched.raw += data.length;
	fetched.gzip += Math.min(zlib.gzipSync(data, {level: 6}).length, data.length);
	fetched.files++;
	return data;
};
const taken = () => {
	const was = fetched;
	fetched = {raw: 0, gzip: 0, files: 0};
	return was;
};

const plain = html => html.replace(/<[^>]*>/g, ' ').replace(/&[a-z#0-9]+;/g, ' ').replace(/\s+/g, ' ').trim();
const queries = new Map();
for (const name of fs.readdirSync(site, {recursive: true})) {
	if (!name.endsWith('index.html')) continue;
	const html = fs.readFileSync(path.join(site, name), 'utf8');
	const lang = html.match(/<html lang="([^"]*)"/)?.[1], main = html.match(/<main[\s\S]*<\/main>/)?.[0] ?? '';
	if (!/class="kb-prose">/.test(main)) continue;
	for (const [, text] of main.matchAll(/<h[12][^>]*>([\s\S]*?)<\/h[12]>/g)) {
		if (plain(text).length < 3) continue;
		if (!queries.has(lang)) queries.set(lang, new Set());
		queries.get(lang).add(plain(text));
	}
}

async function kb(lang, list) {
	const seen = new Set();
	const session = engine(site, file => { if (!seen.has(file)) count(file); seen.add(file); });
	const out = [];
	for (const query of list) {
		if (!out.length)
			for (const name of fs.readdirSync(path.join(site, 'assets')))
				if (/^search\..*js$/.test(name)) count(path.join(site, 'assets', name));
		const {hits} = await session.kb.find(session.shards(lang), query, 10);
		for (const [i, hit] of hits.entries()) {
			const [address, title, summary, headings] = await hit.shard.record(hit.doc);
			const page = path.join(site, lang, address, 'index.html.md');
			const has = text => new Set(session.kb.wordsOf(text).map(word => session.kb.groupOf(hit.asked, word))
				.filter(nth => nth !== undefined && !hit.asked.wants[nth].skipped));
			const most = headings.filter((_, i) => i % 2).map(has).reduce((a, b) => b.size > a.size ? b : a, new Set());
			const shown = new Set([...has(title), ...most, ...has(summary)]);
			const clear = hit.asked.wants.every((want, nth) => want.skipped || want.isExtra || shown.has(nth) ||
				!hit.asked.shares[nth].parts.has(hit.doc));
			if (i < 2 && !clear && !process.env.NO_PAGES && !seen.has(page) && fs.existsSync(page)) count(page);
			seen.add(page);
		}
		out.push(taken());
	}
	return out;
}

globalThis.fetch = async url => {
	const file = path.join(site, 'pagefind', decodeURIComponent(String(url).split('?')[0].replace(/^.*\/pagefind\//, '')));
	return fs.existsSync(file) ? new Response(count(file)) : new Response('', {status: 404});
};
let turn = 0;
async function pagefind(lang, list) {
	globalThis.document = {querySelector: () => ({getAttribute: () => lang}), documentElement: {lang}, currentScript: null};
	globalThis.window = {location: {origin: 'http://localhost'}};
	const module = path.join(site, 'pagefind/pagefind.js');
	count(module);
	const own = await import(pathToFileURL(module) + '?' + turn++);
	await own.options({basePath: 'http://localhost/pagefind/', baseUrl: '/'});
	const out = [];
	for (const query of list) {
		const {results} = await own.search(query);
		await Promise.all(results.slice(0, 5).map(r => r.data()));
		out.push(taken());
	}
	return out;
}

const mean = (list, key) => Math.round(list.reduce((sum, it) => sum + it[key], 0) / (list.length || 1) / 102.4) / 10;
const row = (name, list) => `${name} ${mean(list, 'raw')}/${mean(list, 'gzip')} K, ${mean(list, 'files') * 1024 | 0 || (list.reduce((s, it) => s + it.files, 0) / (list.length || 1)).toFixed(1)} files`;
for (const [lang, all] of [...queries].sort()) {
	const list = [...all].filter((_, i, a) => i % Math.ceil(a.length / most) === 0).slice(0, most);
	for (const [name, side] of [['kb', kb], ['pagefind', pagefind]]) {
		if (name === 'pagefind' && !fs.existsSync(path.join(site, 'pagefind'))) continue;
		const first = [], later = [];
		for (let i = 0; i < Math.min(6, list.length); i++) {
			const [one, ...rest] = await side(lang, [...list.slice(i), ...list.slice(0, i)].slice(0, 6));
			first.push(one);
			later.push(...rest);
		}
		console.log(`  ${lang} ${name.padEnd(9)} ${row('first', first)}; ${row('later', later)}`);
	}
}
