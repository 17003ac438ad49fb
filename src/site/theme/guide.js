'use strict';
// Workflows, step by step, on their own pages and on case pages. The address holds the
// path: #kb-path=2.c.1.b@REVISION is the second answer, a call of another workflow, its
// first answer, and the way back; on a case page, the workflow's id comes first. Uses the
// functions of script.js.
{
  const mark = '#kb-path=';
  const textOf = (element) => (element ? element.textContent.replace(/\s+/g, ' ').trim() : '');
  const folderOf = (href) => new URL('.', href).href;
  const idOf = (href) => decodeURIComponent(new URL(href, location).hash.slice(1));
  const make = (name, props = {}, ...children) => {
    const element = Object.assign(document.createElement(name), props);
    element.append(...children);
    return element;
  };

  // A workflow is read from its page's HTML.
  const readStep = (item) => {
    const answers = all('.kb-go', item).map((row) => ({
      kind: row.dataset.kind,
      href: one('.kb-answer a', row)?.href,
      text: textOf(one('.kb-answer', row)),
      target: textOf(one('.kb-target', row)),
      detail: one('.kb-detail', row),
      note: one('.kb-answer-note', row),
    }));
    const next = one('.kb-next a', item);
    return {
      item,
      id: item.id,
      title: textOf(one('h2', item)),
      calls: all('.kb-calls a', item),
      choices: next ? [{ kind: 'step', href: next.href, target: textOf(next) }] : answers,
      asks: one('.kb-answers > .kb-label', item),
    };
  };
  const read = (root, folder) => {
    const list = one('.kb-steps', root);
    const steps = all('.kb-step', list).map(readStep);
    return {
      folder, list, steps, ...list.dataset,
      figure: one('.kb-diagram', root),
      stepAt: (href) => Math.max(0, steps.findIndex(({ id }) => id === idOf(href))),
    };
  };

  // Other workflows and their diagrams come as scripts, because pages of a file system
  // cannot fetch.
  const parts = new Map();
  window.kbPart = (html) => {
    const { src } = document.currentScript;
    const folder = folderOf(src);
    const root = new DOMParser().parseFromString(html, 'text/html').body;
    for (const name of ['href', 'src']) all(`[${name}]`, root).forEach((element) => {
      element.setAttribute(name, localHref(new URL(element.getAttribute(name), folder).href));
    });
    parts.set(src, root);
  };
  const loadPart = (src) => loadScript(src).then((loaded) => loaded && parts.get(src));
  const flows = new Map();
  const load = async (href) => {
    const folder = folderOf(href);
    const root = flows.has(folder) || await loadPart(folder + 'steps.js');
    if (root && !flows.has(folder)) flows.set(folder, read(root, folder));
    return flows.get(folder);
  };
  const figureOf = async (flow) => {
    const root = flow.figure || await loadPart(flow.folder + 'map.js');
    return flow.figure ||= root && one('.kb-diagram', root);
  };

  // Takes one part of a path; false when it leads nowhere.
  const enter = async (state, href) => {
    const flow = await load(href);
    if (!flow) state.lost = href;
    else Object.assign(state, { flow, step: flow.stepAt(href) });
    return flow;
  };
  const leave = (state) => Object.assign(state, state.calls.pop(), { over: null });
  const take = async (state, token) => {
    const { flow, step, calls, over } = state;
    const here = flow.steps[step];
    const turn = { flow, step, token, depth: calls.length };
    if (over) {
      if (token !== 'b' || !calls.length) return false;
      leave(state);
    } else if (token[0] === 'c') {
      const call = here.calls[(token.slice(1) || 1) - 1];
      if (!call || !await enter(state, call.href)) return false;
      calls.push({ flow, step });
    } else {
      const choice = turn.choice = here.choices[token - 1];
      if (!choice) return false;
      if (choice.kind === 'step') state.step = flow.stepAt(choice.href);
      else if (choice.kind === 'workflow' && choice.href) {
        if (!await enter(state, choice.href)) return false;
      } else if (choice.kind === 'resolved' && calls.length) leave(state);
      else state.over = choice;
    }
    state.trail.push(turn);
    return true;
  };
  const replay = async (flow, tokens) => {
    const state = { flow, step: 0, calls: [], trail: [], over: null };
    for (const token of tokens) if (!await take(state, token)) {
      state.cut = true;
      break;
    }
    return state;
  };

  // The case note, as text or Markdown.
  const plain = (text) => text;
  const escaped = (text) => text.replace(/[\\`*_[\]<>#|~]/g, '\\$&');
  const noteOf = (root, state, words, number, link, markdown) => {
    const safe = markdown ? escaped : plain;
    const bold = (text) => (markdown ? `**${text}**` : text);
    const label = (name, value) => `${bold(name + ':')} ${safe(value)}`;
    const revised = ({ title, revision }) => safe(`${title} (${words.revision} ${revision})`);
    const head = [label(words.date, new Intl.DateTimeFormat(words.lang || page.lang,
      { dateStyle: 'long', timeStyle: 'short' }).format(new Date()))];
    if (number) head.push(label(words.case, number));
    head.push(`${bold(words.workflow + ':')} ${revised(root)}`);
    const path = [];
    let [last, depth, count] = [root, 0, 0];
    const enterFlow = (flow, at) => {
      if (flow !== last) path.push((at < depth ? '← ' : '→ ') + revised(flow));
      [last, depth] = [flow, at];
    };
    state.trail.filter(({ choice }) => choice).forEach(({ flow, step, choice, depth: at }) => {
      enterFlow(flow, at);
      path.push(`${++count}. ${safe(flow.steps[step].title + (choice.text ? ': ' + choice.text : ''))}`);
    });
    if (!state.over) enterFlow(state.flow, state.calls.length);
    const { over } = state;
    const end = over ? [over.target, textOf(over.detail)].filter(Boolean).join(', ')
      : `${words.unfinished}: ${state.flow.steps[state.step].title}`;
    const rows = [head.join(markdown ? '  \n' : '\n'), path.join(markdown ? '\n\n' : '\n'),
      label(words.outcome, end), markdown ? `<${link}>` : link];
    return rows.filter(Boolean).join(markdown ? '\n\n' : '\n') + '\n';
  };

  // A diagram marks the step and keeps it in sight.
  const markStep = (flow, id, past = []) => {
    const { figure, folder } = flow;
    if (!figure) return;
    all('.node', figure).forEach((node) => {
      const href = one('a', node)?.getAttribute('href');
      const url = href && new URL(href, folder);
      const step = url && folderOf(url) === folder && url.hash && idOf(url);
      node.classList.toggle('kb-now', step === id);
      node.classList.toggle('kb-past', step !== id && past.includes(step));
    });
    const now = one('.kb-now', figure);
    if (!now || !figure.isConnected) return;
    const [inner, outer] = [now.getBoundingClientRect(), figure.getBoundingClientRect()];
    figure.scrollBy(inner.left + inner.width / 2 - outer.left - outer.width / 2,
      inner.top + inner.height / 2 - outer.top - outer.height / 2);
  };

  // One guide: the box with the step, what can be done, the path and the note.
  const guide = byId('kb-guide').content.firstElementChild.cloneNode(true);
  const tool = (name) => one(`[data-tool=${name}]`, guide);
  const [body, trail, said, note] = ['.kb-guide-body', '.kb-trail', '[role=status]', '.kb-note']
    .map((selector) => one(selector, guide));
  const words = said.dataset;
  const number = one('input', note);
  let root, key, state;
  const tokens = () => state.trail.map(({ token }) => token);
  const hrefOf = (path, revised = true) =>
    mark + (key ? encodeURIComponent(key) + ':' : '') + path.join('.') + (revised ? '@' + root.revision : '');
  const link = () => new URL(hrefOf(tokens()), location.href).href;
  // On a case page, the note is in the language of the reply, if the workflow is there and
  // goes the same way.
  const noteIn = async () => {
    const choice = one('.kb-switches [name=replies]');
    const languages = all('.kb-note-words');
    const its = choice ? languages.find(({ lang }) => lang === choice.value) : languages.length === 1 && languages[0];
    const place = its && one(`[data-in="${its.lang}"]`, guide.parentNode);
    const flow = place && await load(new URL(place.dataset.href, location.href).href);
    if (!flow) return undefined;
    const { step, over } = state;
    const there = await replay(flow, tokens());
    return !there.cut && !there.lost && there.step === step && there.over?.kind === over?.kind
      && { flow, state: there, words: { ...its.dataset, lang: its.lang } };
  };
  let noted;
  const noteAs = (markdown) =>
    noteOf(noted.flow, noted.state, noted.words, number.value.trim(), link(), markdown);
  const showNote = async () => {
    const own = noted = { flow: root, state, words };
    const found = await noteIn();
    if (noted !== own) return; // too late
    noted = found || own;
    const pre = one('pre', note);
    pre.textContent = noteAs(false);
    pre.lang = noted.words.lang || page.lang;
  };
  const without = (element) => {
    const copy = element.cloneNode(true);
    all('[id]', copy).concat(copy).forEach((part) => part.removeAttribute('id'));
    return copy;
  };
  const heading = (title, label, props) => {
    const h2 = make('h2', { tabIndex: -1, ...props }, title);
    return [make('p', { className: 'kb-label kb-step-label' }, label), h2];
  };
  const row = (token, name, text, target, kind) => make('a',
    { className: `kb-choice kb-go-${kind}`, href: hrefOf([...tokens(), token]) },
    make('kbd', {}, name), make('span', { className: 'kb-choice-text' }, text),
    ...(target ? [make('span', { className: 'kb-target' }, target)] : []));
  const extras = ({ detail, note: more }) => [detail, more].filter(Boolean).map(without);

  const markState = () => {
    const { flow, step } = state;
    markStep(flow, flow.steps[step].id, state.trail.map((turn) => turn.flow === flow && flow.steps[turn.step].id));
  };
  const showStep = () => {
    const { flow, step, calls } = state;
    const { item, title, choices, calls: links, asks } = flow.steps[step];
    body.replaceChildren(...heading(title, textOf(one('.kb-step-label', item))),
      ...all('.kb-prose', item).map(without));
    const called = state.trail.filter((turn) => turn.flow === flow && turn.step === step
      && turn.depth === calls.length).map(({ token }) => token);
    if (links.length) body.append(make('ul', { className: 'kb-choices' }, ...links.map((link, i) => {
      const token = 'c' + (i ? i + 1 : '');
      const call = row(token, token.toUpperCase(), textOf(link), '', 'call');
      call.classList.toggle('kb-done', called.includes(token));
      return make('li', {}, call);
    })));
    if (asks) body.append(without(asks));
    body.append(make('ol', { className: 'kb-choices' }, ...choices.map((choice, i) =>
      make('li', {}, row(i + 1, i + 1, choice.text || words.next, choice.target, choice.kind),
        ...extras(choice)))));
  };
  const showEnd = () => {
    const { over, calls } = state;
    body.replaceChildren(...heading(over.target, words.end, { className: `kb-end kb-go-${over.kind}` }),
      ...extras(over));
    const caller = calls.at(-1);
    if (caller) body.append(make('ul', { className: 'kb-choices' }, make('li', {},
      row('b', 'B', `${words.return}: ${caller.flow.steps[caller.step].title}`, '', 'call'))));
  };
  const showTrail = () => {
    const path = tokens();
    trail.hidden = !path.length;
    one('ol', trail).replaceChildren(...state.trail.map(({ flow, step, token, choice }, i) => make('li', {},
      make('a', { href: hrefOf(path.slice(0, i)) }, flow.steps[step].title),
      token === 'b' ? ' ←' : ' → ' + (choice ? choice.text || words.next
        : flow.steps[step].calls[(token.slice(1) || 1) - 1].dataset.title))));
  };
  const showFlow = () => {
    const line = one('.kb-guide-flow', guide);
    const { flow, calls } = state;
    const caller = calls.at(-1);
    line.hidden = flow === root;
    line.replaceChildren(make('b', {}, flow.title),
      ...(caller ? [` · ${words.return}: ${caller.flow.title}`] : []));
    guide.ariaLabel = flow.title;
    const { lang, dir } = flow.list;
    Object.assign(body, { lang, dir });
    const shown = one('.kb-flow > .kb-diagram');
    if (shown && flow.list.dataset.map) figureOf(flow).then((figure) => {
      if (!figure || figure === shown || state.flow !== flow) return;
      one('.kb-flow > .kb-diagram').replaceWith(figure);
      markState();
    });
  };
  const show = (revision) => {
    const path = tokens();
    guide.dataset.path = path.join('.');
    showFlow();
    (state.over ? showEnd : showStep)();
    showTrail();
    showNote();
    const { flow, step, over } = state;
    if (over) note.open = true;
    one('[data-part=changed]', guide).hidden = !state.cut && (!revision || revision === root.revision);
    tool('back').href = hrefOf(path.slice(0, -1));
    tool('again').href = hrefOf([]);
    for (const name of ['back', 'again']) {
      tool(name).classList.toggle('kb-off', !path.length);
      tool(name).ariaDisabled = String(!path.length);
    }
    const { report } = flow.steps[step].item.dataset;
    Object.assign(tool('map'), { href: '#kb-diagram', hidden: !flow.list.dataset.map });
    Object.assign(tool('report'), report ? { href: report, hidden: false } : { hidden: true });
    all('.kb-lang a').forEach((a) => { a.hash = path.length ? hrefOf(path, false) : ''; });
    markState();
    if (state.lost) location.href = state.lost;
  };
  const focusStep = () => {
    const h2 = one('h2', body);
    h2.focus({ preventScroll: true });
    const { top } = guide.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 3) guide.scrollIntoView({ behavior: 'instant' });
    if (state.flow !== said.flow || state.over) said.textContent = state.over ? words.end : state.flow.title;
    said.flow = state.flow;
  };

  guide.addEventListener('input', showNote);
  one('.kb-switches')?.addEventListener('change', () => state && showNote());
  note.addEventListener('toggle', showNote);
  guide.addEventListener('click', (e) => {
    const { note: kind } = e.target.dataset;
    if (!kind) return;
    const text = kind === 'link' ? link() : noteAs(kind === 'markdown');
    copyParts({ 'text/plain': text }).then(() => words.copied, () => words.failed).then(tell);
  });
  addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || !guide.isConnected || guide.hidden || !guide.checkVisibility()
      || !one('[type=checkbox]', guide).checked || one('dialog[open]')
      || e.target.closest('input:not([type=checkbox]), select, textarea, [contenteditable]')) return;
    const choices = all('.kb-choice', body);
    const link = e.key.toLowerCase() === 'u' ? tool('back')
      : choices.find((choice) => one('kbd', choice).textContent === e.key.toUpperCase());
    if (!link) return;
    e.preventDefault();
    link.click();
  });

  // A page's own workflow is guided unless the address names one of its steps.
  const article = one('.kb-flow');
  const parse = () => {
    const [, id = '', path, revision] = /^(?:([^:]*):)?([\dbc.]*)(?:@(\w+))?$/
      .exec(location.hash.slice(mark.length)) || ['', '', ''];
    return { id: decodeURIComponent(id), path: path.split('.').filter(Boolean), revision };
  };
  let latest; // of several addresses, only the last one is shown
  const go = async (flow, id, asked) => {
    const { path, revision } = asked ? parse() : { path: [] };
    [root, key] = [flow, id];
    const replayed = replay(flow, path);
    latest = replayed;
    const result = await replayed;
    if (latest !== replayed) return;
    state = result;
    show(revision);
    if (asked) focusStep();
  };
  const isStep = () => article && byId(decodeURIComponent(location.hash.slice(1)))?.closest('.kb-steps');
  const route = async (first) => {
    const asked = location.hash.startsWith(mark);
    if (!asked && !isStep() && !first && location.hash) return;
    const guided = asked || !isStep();
    article.classList.toggle('kb-guided', guided);
    one('.kb-guide-start').hidden = guided;
    guide.hidden = !guided;
    if (guided) await go(root0, '', asked);
    article.classList.add('kb-ready');
  };
  let root0;
  if (article && one('.kb-steps', article)) {
    root0 = read(article, folderOf(location.href));
    flows.set(root0.folder, root0);
    root0.list.before(guide);
    tool('all').href = '#kb-steps';
    one('.kb-guide-start a').href = mark;
    route(true);
    addEventListener('hashchange', () => route(false));
    let wait = 0;
    addEventListener('scroll', () => {
      if (wait || article.classList.contains('kb-guided')) return;
      wait = requestAnimationFrame(() => {
        wait = 0;
        const seen = root0.steps.filter(({ item }) => item.getBoundingClientRect().top < innerHeight * .4);
        markStep(root0, (seen.at(-1) || root0.steps[0]).id);
      });
    }, { passive: true });
  }
  addEventListener('click', async (e) => {
    const link = e.target.closest('a[href="#kb-diagram"]:not(.kb-enlarge)');
    const own = one('.kb-diagram');
    if (!link || !(own || guide.contains(link))) return;
    e.preventDefault();
    const figure = guide.contains(link) ? await figureOf(state.flow) : own;
    if (guide.contains(link)) markState();
    if (figure) enlarge(figure, link);
  });

  // A case page goes through the workflow that is chosen, or that is the only one.
  const desk = one('.kb-case-workflows');
  if (desk) {
    const items = all('li[data-id]', desk);
    const shown = () => items.filter((item) => !item.hidden);
    const open = async () => {
      const asked = location.hash.startsWith(mark);
      if (!asked && location.hash && key) return;
      const item = asked ? items.find(({ dataset }) => dataset.id === parse().id)
        : shown().length === 1 && shown()[0];
      const flow = item && await load(one('a', item).href);
      items.forEach((other) => other.classList.toggle('kb-active', Boolean(flow) && other === item));
      guide.hidden = !flow;
      if (!flow) return;
      item.append(guide);
      await go(flow, item.dataset.id, asked);
    };
    items.forEach((item) => {
      const start = one('.kb-guide-start', item);
      start.hidden = false;
      one('a', start).href = mark + encodeURIComponent(item.dataset.id) + ':';
    });
    tool('all').remove();
    open().finally(() => desk.parentNode.classList.add('kb-ready'));
    addEventListener('hashchange', open);
  }
}
