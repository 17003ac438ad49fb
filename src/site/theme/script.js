'use strict';
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const one = (selector, inside = document) => inside.querySelector(selector);
const byId = (id) => document.getElementById(id);
const isTarget = (element) => '#' + encodeURI(element.id) === location.hash;
const page = document.documentElement;
const local = location.protocol === 'file:';
const quiet = local || navigator.doNotTrack === '1' || navigator.globalPrivacyControl;
// Counts a vote or a search; docs/statistics.md describes the requests.
const record = (url, event, body) => url && !quiet && fetch(`${url}&event=${event}`, {
  method: body ? 'POST' : 'GET', body, mode: 'no-cors', credentials: 'omit', cache: 'no-store',
  keepalive: true }).catch(() => 0);

// Loads a script once; false if it cannot be loaded.
const loading = {};
const loadScript = (src) => loading[src] ||= new Promise((resolve) => {
  const script = document.createElement('script');
  const done = (loaded) => () => {
    if (!loaded) delete loading[src];
    resolve(loaded);
  };
  Object.assign(script, { src, onload: done(true), onerror: done(false) });
  document.head.append(script);
});

// The language menu closes when a click or the focus leaves it.
const menu = one('.kb-lang');
const leave = (e) => menu.contains(e.target) || (menu.open = false);
if (menu) ['click', 'focusin'].forEach((type) => addEventListener(type, leave));

// Search: its script is loaded when somebody is about to ask, or has asked.
const searches = all('.kb-find');
const loadSearch = () => loadScript(searches[0].dataset.js).then(() => globalThis.kbResults);
searches.forEach((search) => {
  const attach = () => 'ready' in search.dataset || loadSearch().then((it) =>
    'ready' in search.dataset || it.attach(search, record));
  if (local) search.setAttribute('action', search.getAttribute('action') + 'index.html');
  if (one('[data-results]', search)) attach();
  else search.addEventListener('focusin', attach, { once: true });
});
const asked = new URLSearchParams(location.search).get('q');
const sought = one('article');
if (asked && sought && searches.length)
  loadSearch().then((it) => it.mark(searches[0], sought, asked.slice(0, 200)));
addEventListener('keydown', (e) => {
  const field = searches.map((search) => search.elements.q).find((it) => it.offsetParent);
  if (e.key !== '/' || !field || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.target.closest('input, textarea, select, [contenteditable]')) return;
  e.preventDefault();
  field.focus();
  field.select();
});

// Without its script, a diagram fills the screen by its address.
const { zoom } = document.currentScript.dataset;
const enlarge = (figure, opener) => loadScript(zoom).then((loaded) => {
  if (loaded) globalThis.kbZoom(figure, opener);
  else location.hash = figure.id;
});
addEventListener('click', (e) => {
  const link = e.target.closest('.kb-enlarge');
  if (!link) return;
  e.preventDefault();
  enlarge(link.closest('.kb-diagram'), link);
});

// A link to a question opens it.
(onhashchange = () => all('.kb-questions details').filter(isTarget)
  .forEach((question) => { question.open = true; }))();

// A vote, and a reason after a No.
const vote = one('.kb-vote');
if (vote && !quiet) {
  const { vote: url } = vote.dataset;
  const why = one('form', vote);
  const answer = (text, next) => {
    const said = one('[role=status]', vote);
    said.textContent = text;
    said.focus();
    one('.kb-row', vote).hidden = true;
    why.hidden = !next;
  };
  vote.hidden = false;
  vote.addEventListener('click', (e) => {
    const { event, say } = e.target.dataset;
    if (!event) return;
    record(url, event);
    answer(say, event === 'unhelpful');
  });
  why.addEventListener('submit', (e) => {
    e.preventDefault();
    const { reason, text } = Object.fromEntries(new FormData(why));
    const words = (text || '').trim();
    if (reason || words)
      record(`${url}&reason=${reason || 'other'}`, 'reason',
        words ? new URLSearchParams({ text: words }) : undefined);
    answer(why.dataset.say);
  });
}

// Copy plain text, or text and HTML together.
const copyParts = async (parts) => {
  try {
    const blobs = {};
    for (const type in parts) blobs[type] = new Blob([parts[type]], { type });
    return await navigator.clipboard.write([new ClipboardItem(blobs)]);
  } catch (e) {
    addEventListener('copy', (event) => {
      event.preventDefault();
      for (const type in parts) event.clipboardData.setData(type, parts[type]);
    }, { once: true });
    if (!document.execCommand('copy')) throw e;
  }
};

// Copy the page as Markdown, which is in a file beside it.
const twin = one('[data-markdown]');
if (twin && !local) {
  twin.parentNode.hidden = false;
  twin.addEventListener('click', async () => {
    const { markdown, copied, failed } = twin.dataset;
    const text = fetch(markdown).then((it) => (it.ok ? it.text() : Promise.reject(it)));
    twin.nextElementSibling.textContent = await text
      .then((it) => copyParts({ 'text/plain': it })).then(() => copied, () => failed);
  });
}
const tell = (text) => {
  const status = one('.kb-status');
  status.textContent = text;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { status.textContent = ''; }, 6000);
};

// In a file system, a link to a folder needs the name of its page.
const localHref = (href) => (local && !/^(?!file:)\w+:/.test(href)
  ? href.replace(/\/(?=[?#]|$)/, '/index.html') : href);
if (local) all('a[href]').forEach((a) => a.setAttribute('href', localHref(a.getAttribute('href'))));

// Finds the reader's language among several.
const bestPart = (tags) => tags.flatMap((tag) => [tag, tag.split('-')[0]])
  .map((tag) => one(`#kb-main [lang="${CSS.escape(tag)}"]`)).find(Boolean);

// A shared address leads to the page in the reader's language.
const choice = one('[data-choose]') && bestPart(navigator.languages);
if (choice) location.replace(one('a', choice).href);

// A long menu shows where the reader is.
one('.kb-nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
