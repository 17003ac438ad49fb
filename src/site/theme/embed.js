// Help of this site in a page of another origin: the element <kb-help>. docs/embed.md
// describes it. kb puts `about` in front: the site's locales, their texts, and the script
// of search.
const script = document.currentScript;
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host{--line:1px solid light-dark(#767b81,#8f959c);--link:var(--kb-help-accent,light-dark(#0b57b0,#8ab8ff));display:block;font:1rem/1.5 system-ui;color:light-dark(#1c1e21,#e9eaec);background:light-dark(#fff,#1b1d20)}
.box{padding:1em;border:var(--line);border-radius:8px;overflow-wrap:anywhere}
h2{margin-top:0}
a{color:var(--link)}
input{box-sizing:border-box;width:100%;font:inherit;padding:.5em;border:var(--line)}
:focus-visible{outline:2px solid var(--link)}
.list{list-style:none;padding:0}
p{margin:.25em 0}
img,svg{max-width:100%;height:auto}
pre,.kb-table{overflow:auto}
th,td{padding:.25em .5em;text-align:start}
.kb-hit-section:not([hidden]){display:block}
.sr{position:absolute;width:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}`);

const make = (name, options = {}, ...children) => {
  const made = Object.assign(document.createElement(name), options);
  made.append(...children);
  return made;
};
const all = (place, selector) => [...place.querySelectorAll(selector)];
// The locale among ours that fits the first of CODES that one fits.
const localeOf = (codes) => {
  const ours = Object.keys(about.locales);
  for (const code of codes) {
    const [language] = code.split('-');
    const fits = [code, language].find((own) => ours.includes(own)) ||
      ours.find((own) => own.startsWith(`${language}-`));
    if (fits) return fits;
  }
  return about.source;
};
// The engine of search, once for a page.
let engine;
const engineOf = (site) => engine ||= new Promise((resolve, reject) => {
  const onload = () => resolve(globalThis.kbResults || Promise.reject(engine = undefined));
  const onerror = () => reject(engine = undefined);
  document.head.append(make('script', { src: site + about.search, onload, onerror }));
});
const read = async (url, way) => {
  const answer = await fetch(url);
  if (!answer.ok) throw Error(url);
  return answer[way]();
};
const dataOf = ({ site, locale }, folder, id) => read(`${site}api/v1/${folder}/` +
  `${id.split('/').map(encodeURIComponent).join('/')}.${locale}.json`, 'json');

const outside = (it, link) => {
  Object.assign(link, { target: '_blank', rel: 'noopener' });
  link.append(make('span', { className: 'sr' }, ` (${it.t.tab})`));
  return link;
};
const linkTo = (it, address, text) => outside(it,
  make('a', { href: new URL(address, it.site) }, text));

// The text of a page: what runs or asks is left out, and addresses are made whole.
const textOf = (it, html, url) => {
  const text = new DOMParser().parseFromString(html, 'text/html').querySelector('.kb-prose');
  if (!text) return text;
  all(text, 'script, style, form, button').forEach((x) => x.remove());
  all(text, '[src]').forEach((x) => { x.src = new URL(x.getAttribute('src'), url); });
  all(text, 'a[href]').forEach((x) => {
    x.href = new URL(x.getAttribute('href'), url);
    outside(it, x);
  });
  return text;
};
const showArticle = async (it, id) => {
  const { title, summary = '', address, given } = await dataOf(it, 'documents', id);
  const url = new URL(address, it.site);
  const text = textOf(it, await read(url, 'text'), url);
  return [make('h2', { lang: given }, linkTo(it, address, title)),
    text || make('p', { lang: given }, summary)];
};
const showCase = async (it, id) => {
  const data = await dataOf(it, 'issues', id);
  const found = ['workflows', 'replies', 'articles', 'reference'].flatMap((kind) => data[kind]);
  return [make('h2', {}, linkTo(it, data.address, data.issue.label)),
    found.length ? make('ul', { className: 'list' }, ...found.map((one) => make('li',
      { lang: one.given }, linkTo(it, one.address, one.title),
      make('p', {}, one.summary || '')))) : make('p', {}, it.t.empty)];
};

const showSearch = async (it) => {
  if (!about.search) return [make('p', {}, `${it.t.off} `, linkTo(it, `${it.locale}/`, it.t.help))];
  const field = make('input', { type: 'search', placeholder: it.t.hint,
    ariaLabel: it.t.search });
  const form = make('form', { role: 'search' }, field);
  const status = make('p', { role: 'status' });
  const list = make('ol', { className: 'list' });
  const every = linkTo(it, `${it.locale}/search/`, it.t.all);
  const more = make('p', { hidden: true }, every);
  let [turn, timer] = [0, 0];
  const find = async () => {
    const now = ++turn;
    const question = field.value.trim();
    const found = question ? await engineOf(it.site).then((engine) => engine.find({ root: it.site,
      locale: it.locale, question: field.value.trimStart() }, 6)).catch(() => 0) : { items: [] };
    if (now !== turn) return;
    const n = found && found.items.length;
    const text = !found ? it.t.failed : !question ? '' : n ? it.t.found : it.t.none;
    status.textContent = text.replace('{0}', () => n || question);
    list.replaceChildren(...(found ? found.items : []));
    all(list, 'a').forEach((link) => outside(it, link));
    every.search = `?q=${encodeURIComponent(question)}`;
    more.hidden = !n;
  };
  field.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(find, 150);
  };
  form.onsubmit = (e) => {
    e.preventDefault();
    find();
  };
  const box = make('div', {}, form, status, list, more);
  // Arrows go from the field through the links and back; Escape goes back at once.
  box.onkeydown = (e) => {
    const places = [field, ...all(list, 'a')];
    const at = places.indexOf(e.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Escape: at ? 0 : -1 }[e.key];
    if (at < 0 || !places[to]) return;
    e.preventDefault();
    places[to].focus();
  };
  return [box];
};

const names = ['article', 'issue', 'locale', 'site'];
customElements.get('kb-help') || customElements.define('kb-help', class extends HTMLElement {
  static observedAttributes = names;
  #turn = 0;
  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
    this.show();
  }
  attributeChangedCallback() {
    this.shadowRoot && this.show();
  }
  async show() {
    const now = ++this.#turn;
    const [article, issue, wanted, from] = names.map((name) => this.getAttribute(name));
    const locale = localeOf(wanted ? [wanted] : navigator.languages);
    const t = about.locales[locale];
    const it = { t, locale,
      site: new URL('.', from ? from.replace(/\/*$/, '/') : script.src).href };
    const box = make('div', { className: 'box', lang: locale, dir: t.dir, ariaBusy: 'true' });
    this.shadowRoot.replaceChildren(box);
    const parts = await (article ? showArticle(it, article) : issue ? showCase(it, issue)
      : showSearch(it)).catch(() => [make('p', { role: 'alert' }, `${t.broken} `,
      linkTo(it, `${locale}/`, t.help))]);
    if (now !== this.#turn) return;
    box.replaceChildren(...parts);
    box.ariaBusy = 'false';
  }
});
