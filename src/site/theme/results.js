// The search field and its results, in a page. search.js does the finding.
globalThis.kbResults = (() => {
  const local = location.protocol === 'file:';
  const waiting = new Map();
  globalThis.kbPart = (name, value) => {
    if (waiting.has(name)) waiting.get(name)(value);
  };
  // Scripts load under a strict policy and from a disk, where nothing else does. Who wants
  // what is being loaded (two languages with one stemmer) waits for the same script.
  const loads = new Map();
  const load = (url, name) => {
    if (!loads.has(name)) loads.set(name, new Promise((resolve, reject) => {
      const script = document.createElement('script');
      waiting.set(name, resolve);
      script.onerror = () => reject(new Error(url));
      script.onload = () => script.remove();
      script.src = url;
      document.head.append(script);
    }).finally(() => loads.delete(name)));
    return loads.get(name);
  };

  // What there is to find for the readers of a locale.
  const roots = new Map();
  const openRoot = async (root, locale, again) => {
    const file = `${root}search/${locale}.js${again ? `?${Date.now()}` : ''}`;
    const part = (folder, name) => load(`${root}search/${folder}${name}.js`, name);
    const stem = (path) => load(root + path, path.replace(/.*\/(.*)\.\w+\.js$/, '$1'));
    return Promise.all((await load(file, locale)).map(async (about) =>
      kbSearch.openShard(about, part,
        kbSearch.stemmerOf(about.stemmer ? await stem(about.stemmer) : undefined))));
  };
  const shardsOf = (root, locale, again) => {
    const key = root + locale;
    if (again || !roots.has(key)) roots.set(key, openRoot(root, locale, again));
    return roots.get(key);
  };
  // A part may have been replaced since its list was read: then the list is read again.
  const withShards = async (root, locale, work) => {
    try {
      return await work(await shardsOf(root, locale, false));
    } catch (e) {
      return work(await shardsOf(root, locale, true));
    }
  };

  const element = (name, options = {}, ...children) => {
    const made = Object.assign(document.createElement(name), options);
    made.append(...children);
    return made;
  };
  // Which words of the text the question asks for, function words left out.
  // "Wi-Fi" is one, if none of its parts is and wifi is.
  const marksOf = (asked, text) => {
    const out = [];
    const nthOf = (word) => {
      const nth = kbSearch.groupOf(asked, word);
      return nth === undefined || asked.wants[nth].skipped ? undefined : nth;
    };
    let before;
    kbSearch.wordsOf(text).forEach((word) => {
      const nth = nthOf(word);
      const both = before && nth === undefined && word.from - before.to === 1 ? nthOf({
        lower: before.lower + word.lower, fold: before.fold + word.fold }) : undefined;
      if (nth !== undefined) out.push({ ...word, nth });
      else if (both !== undefined) out.push({ from: before.from, to: word.to, nth: both });
      before = nth === undefined && both === undefined ? word : undefined;
    });
    return out;
  };
  const marked = (asked, text) => {
    const parts = [];
    let at = 0;
    // Pairs of characters overlap.
    marksOf(asked, text).forEach(({ from, to }) => {
      const begin = Math.max(from, at);
      parts.push(text.slice(at, begin), element('mark', { textContent: text.slice(begin, to) }));
      at = to;
    });
    return [...parts, text.slice(at)];
  };
  const worth = (asked, text) => {
    let [sum, before] = [0, undefined];
    const seen = new Set();
    marksOf(asked, text).forEach(({ nth }) => {
      if (!seen.has(nth)) sum += asked.idf[nth] || 0;
      if (nth === before + 1) sum++;
      seen.add(nth);
      before = nth;
    });
    return sum;
  };
  const cut = (asked, text) => {
    const first = marksOf(asked, text)[0];
    let from = first && text.length > 220 && first.from > 70 ? first.from - 70 : 0;
    while (from && from < first.from && text[from - 1] !== ' ') from++;
    const rest = text.slice(from);
    const end = rest.length > 220 ? Math.max(rest.lastIndexOf(' ', 220), 150) : rest.length;
    return (from ? '… ' : '') + rest.slice(0, end) + (end < rest.length ? ' …' : '');
  };

  // The best section by its heading, from the document's record.
  const bestHeading = (asked, list) => {
    let best = { worth: 0 };
    for (let i = 0; i < list.length; i += 2) {
      const it = { id: list[i], text: list[i + 1], worth: worth(asked, list[i + 1]) };
      if (it.worth > best.worth) best = it;
    }
    return best;
  };
  // What is between marks of Markdown. A mark that is text has a backslash. What is bounded
  // takes time in proportion to the line.
  const plain = (line) => line.replace(
    /\\([!-/:-@[-`{-~])|(?<!`)(`{1,20})(?!`)(.{1,500}?)(?<!`)\2(?!`)|!?\[|\]\((?:<[^<>]{0,999}>|[^\s()<]|\([^()]{0,999}\)){0,999}\)|<\/?[a-z][^<>]*>|[*_]+|~~/gi,
    (all, escaped, ticks, code) => escaped || code || '').replace(/\s+/g, ' ').trim();
  // The passages of a Markdown text, each with the heading above it.
  const passagesOf = (text) => {
    const out = [];
    let [heading, fence, open] = ['', '', false];
    const add = (line, more) => {
      if (more && open) out[out.length - 1].text += ` ${line}`;
      else out.push({ text: line, heading });
      open = true;
    };
    text.split('\n').forEach((line) => {
      const [, body] = /^[\s>]*(.*)$/.exec(line);
      const [mark] = /^(`{3,}(?!.*`)|~{3,})?/.exec(body.replace(/^((?:[-+*]|\d{1,9}[.)]) +)+/, ''));
      if (fence) {
        if (body.startsWith(fence) && !body.trim().replaceAll(fence[0], '')) [fence, open] = ['', false];
        else add(body.trim(), true);
      } else if (mark) [fence, open] = [mark, false];
      else if (!body || /^(\[!\w+\]|[|\s:-]+)$/.test(body)) open = false;
      else if (/^#+ /.test(body)) [heading, open] = [plain(body.replace(/^#+/, '')), false];
      else if (body[0] === '|') {
        open = false;
        add(plain(body.replace(/^\||\|\s*$/g, '').replace(/([^\\])\|/g, '$1 · ')));
      } else {
        const item = /^(?:[-+*]|\d+[.)]) +/.exec(body);
        add(plain(item ? body.slice(item[0].length) : body), !item);
      }
    });
    return out;
  };
  const bestPassage = (asked, text) => {
    let best = { worth: 0 };
    passagesOf(text).forEach((it) => {
      const value = worth(asked, it.text);
      if (value > best.worth) best = { ...it, worth: value };
    });
    return best;
  };

  const addressOf = (root, locale, address, question, id) =>
    `${root}${locale}/${encodeURI(address)}${local ? 'index.html' : ''}` +
    `?q=${encodeURIComponent(question)}${id ? `#${encodeURIComponent(id)}` : ''}`;

  const showHit = ({ root, locale, question, types, passages }, hit, record) => {
    const [address, title, summary, headings] = record;
    const { about } = hit.shard;
    const heading = bestHeading(hit.asked, headings);
    const link = element('a', {}, ...marked(hit.asked, title));
    const section = element('span', { className: 'kb-hit-section' });
    const passage = element('p', { className: 'kb-soft kb-hit-text' },
      ...marked(hit.asked, cut(hit.asked, summary)));
    const lead = (id, text) => {
      link.href = addressOf(root, locale, address, question, id);
      section.replaceChildren(...(id ? marked(hit.asked, text) : []));
      section.hidden = !id;
    };
    lead(heading.id, heading.text);
    const type = types && types[hit.shard.about.types[hit.doc]];
    const item = element('li', {}, element('p', { className: 'kb-item-title' }, link,
      ...(type ? [' ', element('span', { className: 'kb-badge', textContent: type })] : []),
      section), passage);
    if (about.locale !== locale) {
      Object.assign(item, { lang: about.locale, dir: about.dir });
      link.hreflang = about.locale;
    }
    // Where title, heading and summary lack a word that the text has, the best passage of the
    // page's Markdown is better. A disk does not give it.
    const shown = new Set(marksOf(hit.asked, `${title} ${heading.text || ''} ${summary}`)
      .map((it) => it.nth));
    const isClear = hit.asked.wants.every((want, nth) => want.skipped || want.isExtra || shown.has(nth) ||
      !hit.asked.shares[nth].parts.has(hit.doc));
    if (passages && !isClear) item.look = async () => {
      item.look = undefined;
      const text = await fetch(link.href.replace(/[?#].*/, 'index.html.md'))
        .then((r) => (r.ok ? r.text() : ''), () => '');
      const best = bestPassage(hit.asked, text);
      if (best.worth <= worth(hit.asked, summary)) return;
      passage.replaceChildren(...marked(hit.asked, cut(hit.asked, best.text)));
      const at = headings.findIndex((it, i) => i % 2 && it === best.heading);
      if (best.worth > heading.worth && at > 0) lead(headings[at - 1], best.heading);
    };
    return item;
  };
  // Passages are read for the first results, and for others when somebody turns to them.
  const watch = (list) => [...list.children].forEach((item, i) => {
    const look = () => item.look && item.look();
    if (!item.look) return;
    if (i < 2) look();
    else ['pointerenter', 'focusin'].forEach((type) => item.addEventListener(type, look));
  });

  // The question with the nearest known words; undefined when all are known.
  const meantBy = (text, { words, asked }) => {
    let [out, at, changed] = ['', 0, false];
    words.filter((word) => !word.split).forEach((word) => {
      const nth = words.indexOf(word);
      if (asked.some((it) => it.wants[nth].known || it.wants[nth].skipped)) return;
      const near = asked.map((it) => (it.wants[nth].near || [])[0]).find(Boolean);
      if (!near) return;
      out += text.slice(at, word.from) + near;
      at = word.to;
      changed = true;
    });
    return changed ? out + text.slice(at) : undefined;
  };

  const find = (place, most, wanted) => withShards(place.root, place.locale, async (shards) => {
    const found = await kbSearch.find(shards, place.question, most, wanted);
    const records = await Promise.all(found.hits.map((hit) => hit.shard.record(hit.doc)));
    return { ...found, items: found.hits.map((hit, i) => showHit(place, hit, records[i])),
      meant: meantBy(place.question, found) };
  });

  const fill = (pattern, value) => pattern.replace('{0}', value);
  const links = (box) => [...box.querySelectorAll('a')];
  // Arrows go from the field through the links and back.
  const steer = (field, box) => (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step || e.ctrlKey || e.metaKey || e.altKey) return;
    const all = [field, ...links(box)];
    const next = all[all.indexOf(document.activeElement) + step];
    if (!next || all.length === 1) return;
    e.preventDefault();
    next.focus();
  };

  // Counts searches: each once, when it is settled; whether a result was opened; whether other
  // words took its place. docs/statistics.md describes the requests.
  const countable = (question) => question.trim().replace(/\s+/g, ' ').slice(0, 200)
    .replace(/\S+@\S+|\d(?:[ ./()-]?\d){6,}/g, '*');
  const counterOf = (form, record) => {
    const { count } = form.dataset;
    let [timer, waiting, last] = [0, undefined, undefined];
    const send = ({ query, results }, event) => record(
      `${count}&query=${encodeURIComponent(query)}&results=${results}`, event);
    const end = (event) => {
      if (last && !last.ended) send(last, event);
      if (last) last.ended = true;
    };
    const settle = () => {
      clearTimeout(timer);
      const it = waiting;
      waiting = undefined;
      if (!it || (last && last.query === it.query)) return;
      end('refine');
      last = it;
      if (!it.before) send(it, 'search');
      it.ended = it.before === 'back_forward';
    };
    // What was found; BEFORE: how one came to a page whose search was counted before.
    const found = (question, total, now, before) => {
      const query = countable(question);
      clearTimeout(timer);
      waiting = query ? { query, results: Math.min(total, 10), before } : undefined;
      if (now) settle();
      else timer = setTimeout(settle, 2000);
    };
    // The search page goes on; is its search counted already?
    const leave = (question) => {
      const same = last && last.query === countable(question);
      clearTimeout(timer);
      waiting = undefined;
      if (!same) end('refine');
      return same;
    };
    const open = (e) => {
      if (!e.target.closest('a') || (e.type === 'auxclick' && e.button !== 1)) return;
      settle();
      end('click');
    };
    const watch = (list) => ['click', 'auxclick'].forEach((type) =>
      list.addEventListener(type, open));
    const none = () => 0;
    return count ? { found, leave, end, watch } : { found: none, leave: none, end: none, watch: none };
  };

  // Of a search page: results below the field, as one types.
  const attachPage = (form, box, record) => {
    const field = form.elements.q;
    const part = (name) => box.querySelector(`[data-part=${name}]`);
    const [status, list, meant, more] = ['status', 'hits', 'meant', 'more'].map(part);
    const { root, locale } = form.dataset;
    const passages = !local && form.hasAttribute('data-passages');
    const filters = [...form.querySelectorAll('select')];
    const types = form.elements.types && Object.fromEntries(
      [...form.elements.types.options].map(({ value, text }) => [value, text]));
    const given = new URLSearchParams(location.search);
    let [turn, most] = [0, 10];
    const counter = counterOf(form, record);
    // Who comes back or loads the page again does not search again.
    const [{ type: way }] = performance.getEntriesByType('navigation');
    const before = way === 'navigate' ? given.get('counted') : way;
    const wanted = (shard, doc) => filters.every(({ name, value }) =>
      !value || (shard.about[name] || [])[doc] === Number(value));
    const show = async (settled, before) => {
      const now = ++turn;
      const question = field.value.trim();
      const state = new URLSearchParams([['q', question],
        ...filters.filter((it) => it.value).map((it) => [it.name, it.value])]);
      history.replaceState(null, '', question ? `?${state}` : location.pathname);
      const found = question ? await find({ root, locale, types, passages, question: field.value.trimStart() },
        most, wanted).catch(() => undefined) : { items: [], total: 0 };
      if (now !== turn) return;
      const { failed, found: pattern, many, none } = box.dataset;
      const n = found && found.items.length;
      status.textContent = !found ? failed : !question ? ''
        : n ? fill(found.more ? many : pattern, n) : fill(none, question);
      list.replaceChildren(...(found ? found.items : []));
      part('empty').hidden = !!question;
      part('none').hidden = !question || !!n;
      more.hidden = !(found && found.more);
      meant.hidden = !(found && found.meant);
      if (!meant.hidden) {
        const link = element('a', { textContent: found.meant,
          href: `?q=${encodeURIComponent(found.meant)}` });
        link.addEventListener('click', () => counter.end('refine'));
        meant.replaceChildren(`${box.dataset.meant} `, link);
      }
      watch(list);
      counter.found(found ? question : '', found && found.total, settled, before);
    };
    let timer;
    const soon = () => {
      clearTimeout(timer);
      most = 10;
      timer = setTimeout(show, 120);
    };
    if (given.get('q') && !field.value) field.value = given.get('q');
    filters.forEach((it) => {
      it.value = given.get(it.name) || '';
      it.addEventListener('change', soon);
    });
    field.addEventListener('input', soon);
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      clearTimeout(timer);
      show(true);
    });
    more.addEventListener('click', async () => {
      most += 20;
      const next = list.children.length;
      await show();
      const link = list.children[next] && list.children[next].querySelector('a');
      if (link) link.focus();
    });
    const steering = steer(field, list);
    form.addEventListener('keydown', steering);
    list.addEventListener('keydown', steering);
    counter.watch(list);
    return show(true, before);
  };

  // Of other pages: a few results in a box below the field.
  const attachField = (form, record) => {
    const field = form.elements.q;
    const { root, locale, all, found: pattern } = form.dataset;
    const list = element('ol', { className: 'kb-items' });
    const status = element('p', { className: 'kb-sr', role: 'status' });
    const every = element('a', { textContent: all });
    const box = element('div', { className: 'kb-card kb-drop', hidden: true }, list,
      element('p', {}, every));
    let [turn, timer] = [0, 0];
    const counter = counterOf(form, record);
    const show = async () => {
      const now = ++turn;
      const question = field.value.trim();
      const found = question.length > 1 && await find({ root, locale,
        question: field.value.trimStart() }, 6).catch(() => undefined);
      if (now !== turn) return;
      list.replaceChildren(...(found ? found.items : []));
      box.hidden = !found || !found.items.length || !form.contains(document.activeElement);
      status.textContent = found ? fill(pattern, found.items.length) : '';
      every.href = `${form.action}?q=${encodeURIComponent(question)}`;
      counter.found(found ? question : '', found && found.total);
    };
    // The search page must not count a search again.
    const goOn = () => {
      form.querySelector('[name=counted]')?.remove();
      if (!counter.leave(field.value)) return;
      form.append(element('input', { type: 'hidden', name: 'counted', value: '1' }));
      every.href += '&counted=1';
    };
    every.addEventListener('click', goOn);
    form.addEventListener('submit', goOn);
    counter.watch(list);
    form.append(box, status);
    field.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(show, 120);
    });
    form.addEventListener('keydown', steer(field, box));
    form.addEventListener('keydown', (e) => {
      if (e.key !== 'Escape' || box.hidden) return;
      e.preventDefault();
      box.hidden = true;
      field.focus();
    });
    form.addEventListener('focusout', (e) => {
      if (!form.contains(e.relatedTarget)) box.hidden = true;
    });
    field.addEventListener('focus', () => { box.hidden = !list.children.length; });
    return field.value ? show() : undefined;
  };

  // Marks what the question asks for in a page.
  const mark = (form, place, question) => {
    const { root, locale } = form.dataset;
    return withShards(root, locale, async (shards) => {
      const { asked } = await kbSearch.understand(shards, question);
      const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walker.nextNode()) texts.push(walker.currentNode);
      texts.forEach((text) => {
        const holder = text.parentElement;
        if (holder.closest('script, style, svg, textarea, select, .kb-help, .kb-toc, .kb-toc-small, ' +
          '.kb-related'))
          return;
        const { lang } = holder.closest('[lang]');
        const it = asked.find(({ shard }) => shard.about.locale === lang) || asked[0];
        const parts = it ? marked(it, text.data) : [];
        if (parts.length > 1) text.replaceWith(...parts);
      });
    });
  };

  return { mark, find, attach: (form, record) => {
    const box = document.querySelector('[data-results]');
    form.dataset.ready = '';
    return box && form.contains(box) ? attachPage(form, box, record) : attachField(form, record);
  } };
})();
