/* Runs queries through kb find and through Pagefind, and prints how high what was wanted
stands. Internal links whose text has at least two words are the queries: the text is asked,
the link's target is wanted, and both sides are judged by its title. See bench/search.

usage: node bench/search.mjs CONTENT SITE KB MOST

CONTENT is a content folder, SITE its documents' pages alone as kb publish wrote them, which
Pagefind has indexed. At most MOST queries a locale, spread over all. */
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const [content, site, kb, most] = process.argv.slice(2);
const one = text => text.replace(/\s+/g, ' ').trim();
const plain = html => one(html.replace(/<[^>]*>/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>')
	.replace(/&quot;/g, '"').replace(/&#39;|&rsquo;/g, "'").replace(/&nbsp;/g, ' ').replace(/&amp;/g, '&'));

const pages = new Map();
for (const name of fs.readdirSync(site, {recursive: true})) {
	if (!name.endsWith('index.html')) continue;
	const html = fs.readFileSync(path.join(site, name), 'utf8');
	pages.set(path.dirname(name), {title: plain(html.match(/<h1[^>]*>([\s\S]*?)<\/h1>/)[1]),
		lang: html.match(/<html lang="([^"]*)"/)[1], main: html.match(/<main[\s\S]*<\/main>/)[0]});
}
const queries = new Map();
for (const [dir, page] of pages)
	for (const [, href, text] of page.main.matchAll(/<a [^>]*href="([^"#:]*)[^"]*"[^>]*>([\s\S]*?)<\/a>/g)) {
		const to = path.normalize(path.join(dir, href)).replace(/\/$/, ''), query = plain(text);
		const target = pages.get(to);
		if (!target || to === dir || target.lang !== page.lang || query.split(' ').length < 2) continue;
		if (!queries.has(target.lang)) queries.set(target.lang, new Map());
		queries.get(target.lang).set(query + '\0' + target.title, {query, title: target.title});
	}

/* Pagefind runs in a browser: its files come from the disk here. */
globalThis.fetch = async url => {
	try {
		return new Response(fs.readFileSync(path.join(site, 'pagefind', decodeURIComponent(
			String(url).split('?')[0].replace(/^.*\/pagefind\//, '')))));
	} catch {
		return new Response('', {status: 404});
	}
};
const engines = {};
async function askPagefind(lang, query) {
	globalThis.document = {querySelector: () => ({getAttribute: () => lang}), documentElement: {lang}, currentScript: null};
	globalThis.window = {location: {origin: 'http://localhost'}};
	const pagefind = engines[lang] ??= await (async () => {
		const engine = await import(pathToFileURL(path.join(site, 'pagefind/pagefind.js')) + '?' + lang);
		await engine.options({basePath: 'http://localhost/pagefind/', baseUrl: '/'});
		return engine;
	})();
	const found = await pagefind.search(query);
	return (await Promise.all(found.results.slice(0, 10).map(r => r.data()))).map(d => d.meta.title);
}

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
	const ranks = {kb: [], pagefind: []};
	for (const {query, title} of list) {
		ranks.kb.push(askKb(lang, query).map(one).indexOf(title) + 1);
		ranks.pagefind.push((await askPagefind(lang, query)).map(one).indexOf(title) + 1);
		if (process.env.VERBOSE)
			console.log(`${ranks.kb.at(-1)}\t${ranks.pagefind.at(-1)}\t${query}\t${title}`);
	}
	for (const side of ['kb', 'pagefind'])
		console.log(`  ${lang} ${String(list.length).padStart(4)} queries  ${side.padEnd(9)} ${tally(ranks[side])}`);
}
