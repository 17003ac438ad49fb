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
  const path = decoded(location.pathname).replace(/\/\/+/g, '/').slice(decoded(root).length);
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
  const plain = path.toLowerCase();
  const bare = plain.replace(/(^|\/)(index\.html)?$/, '');
  const isFrom = ({ from, query }) => (query === undefined ? plain.startsWith(from.toLowerCase())
    : bare === from.toLowerCase() && location.search === `?${query}`);
  const goOn = (list) => {
    const former = list.find(isFrom);
    if (!former) return;
    const { query, to } = former;
    const tags = navigator.languages.flatMap((tag) => [tag, tag.split('-')[0]]);
    const { href, url } = tags.map((tag) => to.find(({ lang }) => lang === tag)).find(Boolean) || to[0];
    // What is asked and the part of the page stay on this site.
    const rest = query === undefined ? location.search + location.hash : location.hash;
    location.replace(url || root + href + rest);
  };
  if (formers) fetch(formers).then((it) => (it.ok ? it.json() : [])).then(goOn).catch(() => 0);
}
