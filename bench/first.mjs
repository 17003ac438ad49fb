/* How long a reader waits for the first result: in Chromium, with a fourth of the processor's
speed, from opening a page that has a question in its address to the first result with its
text. kb's search page beside a page that does the same with Pagefind, by turns. Prints
medians. See bench/search.

usage: node bench/first.mjs SITE LOCALE QUESTION...     SITE is whole, and Pagefind indexed it */
import fs from 'node:fs';
import path from 'node:path';
import {launch} from '../tests/site/browser.mjs';
import {serve} from '../tests/site/server.mjs';

const [site, locale, ...questions] = process.argv.slice(2);
const runs = 7;
fs.writeFileSync(path.join(site, 'pagefind-first.html'), `<!doctype html><html lang="${locale}"><title>Search</title>
<ol id="hits"></ol><script type="module">
const pagefind = await import('./pagefind/pagefind.js');
const {results} = await pagefind.search(new URLSearchParams(location.search).get('q'));
for (const data of await Promise.all(results.slice(0, 5).map(it => it.data()))) {
	const item = document.createElement('li');
	item.innerHTML = data.meta.title + ' ' + data.excerpt;
	document.querySelector('#hits').append(item);
}
</script></html>`);
const pages = {
	kb: [locale + '/search/?q=', '[data-part=hits] > li'],
	pagefind: ['pagefind-first.html?q=', '#hits > li'],
};
const server = await serve(site), browser = await launch();
const times = {kb: [], pagefind: []};
for (const question of questions)
	for (let i = 0; i < runs; i++)
		for (const [name, [address, hit]] of Object.entries(pages)) {
			const context = await browser.newContext(), page = await context.newPage();
			const session = await context.newCDPSession(page);
			await session.send('Emulation.setCPUThrottlingRate', {rate: 4});
			await page.addInitScript(selector => new MutationObserver(() => {
				if (document.querySelector(selector)) globalThis.first ??= performance.now();
			}).observe(document, {childList: true, subtree: true}), hit);
			await page.goto(server.url + address + encodeURIComponent(question));
			await page.waitForFunction(() => globalThis.first);
			times[name].push(await page.evaluate(() => globalThis.first));
			await context.close();
		}
for (const [name, list] of Object.entries(times)) {
	list.sort((a, b) => a - b);
	console.log(`  ${locale} ${name.padEnd(9)} ${Math.round(list[list.length >> 1])} ms, at most ${Math.round(list.at(-1))} ms`);
}
await browser.close();
server.close();
