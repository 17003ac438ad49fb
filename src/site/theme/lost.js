'use strict';
// The page for addresses that don't exist: in the language of the address, on to the new
// address if it is a former one, else with its words in the search field. Uses the
// functions of script.js.
{
  const { root, formers } = one('#kb-main').dataset;
  const decoded = (text) => {
    try {
      return decodeURIComponent(text).normalize();
    } catch (e) {
      return '';
    }
  };
  const base = decoded(root);
  const pathOf = (url) => decoded(url.pathname).replace(/\/\/+/g, '/');
  const isOwn = (url) => url.origin === location.origin && pathOf(url).startsWith(base);
  const path = pathOf(location).slice(isOwn(location) ? base.length : 1);
  const parts = path.split('/');
  const lost = all('.kb-lost');
  const best = bestPart([parts[0], ...navigator.languages]) || lost[0];
  lost.forEach((part) => { part.hidden = part !== best; });
  page.lang = best.lang;
  page.dir = best.dir;

  // The last part of the address that has words, without a number before them and what
  // names a kind of file.
  const wordsOf = (part) => part.replace(/\.\w{1,5}$/, '').replace(/^(index$|\d{4,})/, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean).join(' ');
  const isLocale = (part) => lost.some((it) => it.lang.toLowerCase() === part.toLowerCase());
  const field = one('input[type=search]', best);
  const words = parts.filter((it) => !isLocale(it)).map(wordsOf).filter((it) => /\p{L}/u.test(it));
  if (field && words.length) field.value = words.pop().slice(0, 100);

  // Where to go is written in the site's own list. The address only chooses from it.
  const asked = (text) => {
    const query = new URLSearchParams(text);
    query.sort();
    return `${query}`;
  };
  const formerOf = (list, at) => {
    const plain = pathOf(at).slice(base.length).toLowerCase();
    const bare = plain.replace(/(^|\/)(index\.html)?$/, '');
    return list.find(({ from, query }) => (query === undefined ? plain.startsWith(from.toLowerCase())
      : bare === from.toLowerCase() && asked(at.search) === asked(query)));
  };
  const tags = navigator.languages.flatMap((tag) => [tag, tag.split('-')[0]]);
  const goOn = (list, at = location, passed = []) => {
    const former = formerOf(list, at);
    if (passed.includes(former)) return;
    if (!former) {
      if (passed.length) location.replace(at);
      return;
    }
    const { query, to } = former;
    const { href, url } = tags.map((tag) => to.find(({ lang }) => lang === tag)).find(Boolean) || to[0];
    // What is asked and the part of the page stay on this site.
    const rest = query === undefined ? location.search + location.hash : location.hash;
    const next = new URL(url || root + href + rest, location);
    // The site's own address, written as that of another site, may be a former one, too.
    if (url && isOwn(next)) goOn(list, next, [...passed, former]);
    else location.replace(next);
  };
  if (formers && isOwn(location)) fetch(formers).then((it) => (it.ok ? it.json() : [])).then((list) => goOn(list)).catch(() => 0);
}
