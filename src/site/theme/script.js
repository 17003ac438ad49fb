'use strict';
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const one = (selector, inside = document) => inside.querySelector(selector);
const byId = (id) => document.getElementById(id);
const isTarget = (element) => '#' + encodeURI(element.id) === location.hash;
const page = document.documentElement;
const local = location.protocol === 'file:';
const quiet = local || navigator.doNotTrack === '1' || navigator.globalPrivacyControl;
const record = (url) => url && !quiet &&
  fetch(url, { mode: 'no-cors', credentials: 'omit', keepalive: true }).catch(() => 0);

// The language menu closes when a click or the focus leaves it.
const menu = one('.kb-lang');
const leave = (e) => menu.contains(e.target) || (menu.open = false);
if (menu) ['click', 'focusin'].forEach((type) => addEventListener(type, leave));

// Search: its script is loaded when somebody is about to ask, or has asked.
const searches = all('.kb-find');
let engine;
const loadSearch = () => engine || (engine = new Promise((resolve) => {
  const script = document.createElement('script');
  script.src = searches[0].dataset.js;
  script.onload = () => resolve(globalThis.kbResults);
  document.head.append(script);
}));
searches.forEach((search) => {
  const attach = () => 'ready' in search.dataset || loadSearch().then((it) =>
    'ready' in search.dataset || it.attach(search));
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

// A link to a question opens it.
(onhashchange = () => all('.kb-questions details').filter(isTarget)
  .forEach((question) => { question.open = true; }))();

// A wide diagram scrolls to its start. Escape closes an enlarged one.
const start = one('.kb-flow .kb-start');
if (start) {
  const box = one('.kb-diagram');
  const { left, width } = start.getBoundingClientRect();
  box.scrollLeft = left + width / 2 - box.getBoundingClientRect().left - box.clientWidth / 2;
  addEventListener('keydown', (e) => {
    if (e.key === 'Escape' && isTarget(box)) location.hash = 'kb-closed';
  });
}

// After a No, show the ways to contact us.
const vote = one('.kb-vote');
if (vote && !quiet) {
  const contact = one('.kb-contact');
  vote.hidden = false;
  if (contact) contact.hidden = true;
  vote.addEventListener('click', (e) => {
    const { vote: url, say, no } = e.target.dataset;
    if (!url) return;
    record(url);
    const said = one('[role=status]', vote);
    said.textContent = say;
    said.focus();
    one('.kb-row', vote).hidden = true;
    if (contact) contact.hidden = no === undefined;
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
const status = one('.kb-status');
const copyText = async ({ for: id, copy }) => {
  const text = byId(id);
  const plain = one(copy === 'subject' ? '.kb-subject-text' : '.kb-plain', text);
  const parts = { 'text/plain': plain.textContent };
  const rich = copy === 'both' && one('.kb-rich', text);
  if (rich) {
    const html = rich.cloneNode(true);
    all('.kb-ph', html).forEach((span) => span.replaceWith(span.textContent));
    parts['text/html'] = html.innerHTML.trim();
  }
  const { copied, empty, failed } = status.dataset;
  status.textContent = await copyParts(parts).then(
    () => (one('.kb-ph:not(.kb-filled)', plain) ? empty : copied), () => failed);
  setTimeout(() => { status.textContent = ''; }, 6000);
  if (copy !== 'subject') record(text.dataset.ping);
};
if (status) {
  all('p.kb-row').forEach((row) => { row.hidden = false; });
  addEventListener('click', (e) => e.target.dataset.copy && copyText(e.target.dataset));
}

// Length in characters and SMS segments.
const basic = /^[\n\r -#%-?A-Za-z@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà]$/;
const extended = '\f^{}\\[~]|€';
const countSegments = (characters) => {
  const gsm = characters.every((c) => basic.test(c) || extended.includes(c));
  const sizes = characters.map((c) => (gsm ? 1 + extended.includes(c) : c.length));
  if (sizes.reduce((a, b) => a + b, 0) <= (gsm ? 160 : 70)) return 1;
  const room = gsm ? 153 : 67;
  let [segments, used] = [1, 0];
  sizes.forEach((size) => {
    used += size;
    if (used > room) [segments, used] = [segments + 1, size];
  });
  return segments;
};
const measure = (text) => {
  const { max, maxSegments } = one('.kb-counts', text).dataset;
  const characters = [...one('.kb-plain', text).textContent];
  const segments = maxSegments ? countSegments(characters) : 0;
  one('.kb-chars', text).textContent = characters.length;
  if (maxSegments) one('.kb-segments', text).textContent = segments;
  one('.kb-over', text).hidden = !(characters.length > max || segments > maxSegments);
};

// The fields fill in the placeholders.
const form = one('.kb-fields');
if (form) {
  const fill = () => {
    all('.kb-texts .kb-ph').forEach((span) => {
      const field = byId('kb-f-' + span.dataset.ph);
      if (!field) return;
      const needed = 'required' in field.dataset;
      const value = field.value.trim();
      span.textContent = value || (needed ? `{{${field.name}}}` : '');
      span.classList.toggle('kb-filled', value || !needed);
    });
    all('.kb-text').forEach(measure);
  };
  form.hidden = false;
  form.oninput = fill;
  form.onreset = () => setTimeout(fill);
  form.onsubmit = () => {
    one('.kb-text:not([hidden]) .kb-primary').click();
    return false;
  };
  fill();
}

// One tab per channel.
const panels = all('.kb-texts > .kb-text');
if (panels.length > 1) {
  const list = document.createElement('div');
  Object.assign(list, { className: 'kb-tabs kb-row', role: 'tablist' });
  const choose = (chosen) => [...list.children].forEach((tab, i) => {
    tab.ariaSelected = String(i === chosen);
    tab.tabIndex = i === chosen ? 0 : -1;
    panels[i].hidden = i !== chosen;
  });
  panels.forEach((panel, i) => {
    const tab = document.createElement('button');
    Object.assign(tab, { className: 'kb-button', id: panel.id + '-tab', role: 'tab',
      textContent: panel.dataset.label, onclick: () => choose(i) });
    tab.setAttribute('aria-controls', panel.id);
    panel.role = 'tabpanel';
    panel.setAttribute('aria-labelledby', tab.id);
    one('.kb-text-label', panel).hidden = true;
    list.append(tab);
  });
  list.addEventListener('keydown', (e) => {
    if (!/^Arrow[LR]/.test(e.key)) return;
    const forward = (e.key === 'ArrowRight') === (page.dir !== 'rtl');
    const tab = forward ? e.target.nextSibling || list.firstChild
      : e.target.previousSibling || list.lastChild;
    tab.click();
    tab.focus();
  });
  panels[0].before(list);
  choose(Math.max(0, panels.findIndex(isTarget)));
}

// The switches of a case. The address keeps the choice.
const switches = one('.kb-switches');
if (switches && one('select', switches)) {
  const given = new URLSearchParams(location.search);
  const chosen = () => all('select', switches).map((select) => [select.name, select.value]);
  const show = () => {
    const { region, replies } = Object.fromEntries(chosen());
    all('[data-regions], [data-not-regions]').forEach((item) => {
      const { regions = region, notRegions = '' } = item.dataset;
      item.hidden = region &&
        (!regions.split(' ').includes(region) || notRegions.split(' ').includes(region));
    });
    if (replies) all('.kb-reply').forEach((reply) => {
      const best = one(`[data-lang="${replies}"]`, reply) || one('[data-current]', reply);
      all('.kb-version', reply).forEach((v) => { v.hidden = v !== best; });
    });
  };
  all('option', switches).forEach((option) => {
    if (given.get(option.parentNode.name) === option.value) option.selected = true;
  });
  switches.hidden = false;
  switches.addEventListener('change', () => {
    show();
    history.replaceState(null, '', '?' + new URLSearchParams(chosen()));
  });
  show();
}

// In a file system, a link to a folder needs the name of its page.
if (local) all('a[href]').forEach((a) => {
  const href = a.getAttribute('href');
  if (/^\w+:/.test(href)) return;
  a.setAttribute('href', href.replace(/\/(?=[?#]|$)/, '/index.html'));
});

// Finds the reader's language among several.
const bestPart = (tags) => tags.flatMap((tag) => [tag, tag.split('-')[0]])
  .map((tag) => one(`#kb-main [lang="${CSS.escape(tag)}"]`)).find(Boolean);

// The 404 page uses the language of the address.
const lost = all('.kb-lost');
if (lost.length) {
  const path = location.pathname.slice(one('#kb-main').dataset.root.length);
  const best = bestPart([path.split('/')[0], ...navigator.languages]) || lost[0];
  lost.forEach((part) => { part.hidden = part !== best; });
  page.lang = best.lang;
  page.dir = best.dir;
}

// A shared address leads to the page in the reader's language.
const choice = one('[data-choose]') && bestPart(navigator.languages);
if (choice) location.replace(one('a', choice).href);
