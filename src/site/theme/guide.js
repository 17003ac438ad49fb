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
  const copyOf = (id) => byId(id).content.firstElementChild.cloneNode(true);

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

  // Other workflows come as scripts, because pages of a file system cannot fetch.
  const flows = new Map();
  const waiting = new Map();
  window.kbSteps = (html) => {
    const folder = folderOf(document.currentScript.src);
    const root = new DOMParser().parseFromString(html, 'text/html').body;
    for (const name of ['href', 'src']) all(`[${name}]`, root).forEach((element) => {
      element.setAttribute(name, localHref(new URL(element.getAttribute(name), folder).href));
    });
    waiting.get(folder)(read(root, folder));
  };
  const load = (href) => {
    const folder = folderOf(href);
    if (!flows.has(folder)) flows.set(folder, new Promise((resolve) => {
      waiting.set(folder, resolve);
      const script = make('script', { src: folder + 'steps.js' });
      script.onerror = () => {
        flows.delete(folder);
        script.remove();
        resolve(null);
      };
      document.head.append(script);
    }));
    return flows.get(folder);
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
    const head = [label(words.date, new Intl.DateTimeFormat(page.lang,
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

  // A large diagram: fits the screen; zoom by buttons, keys, wheel and fingers; drag.
  const enlarge = (figure, opener) => {
    const dialog = copyOf('kb-zoom');
    const [box, canvas, svg] = [one('.kb-zoom-box', dialog), one('.kb-canvas', figure), one('svg', figure)];
    const { width, height } = svg.viewBox.baseVal;
    let scale = 0;
    const set = (to, x = box.clientWidth / 2, y = box.clientHeight / 2) => {
      const [before, left, top] = [scale || 1, box.scrollLeft, box.scrollTop];
      scale = Math.min(4, Math.max(.2, to));
      Object.assign(svg.style, { width: width * scale + 'px', height: height * scale + 'px' });
      box.scrollTo((left + x) * scale / before - x, (top + y) * scale / before - y);
    };
    const fit = () => set(Math.min(2, (box.clientWidth - 32) / width, (box.clientHeight - 32) / height));
    const acts = { in: () => set(scale * 1.25), out: () => set(scale / 1.25), fit, close: () => dialog.close() };
    box.ariaLabel = dialog.ariaLabel = figure.ariaLabel;
    dialog.lang = one('.kb-canvas', figure).lang;
    canvas.style.minHeight = canvas.offsetHeight + 'px';
    box.append(svg);
    document.body.append(dialog);
    dialog.showModal();
    fit();
    if (scale < .7) {
      set(.85);
      (one('.kb-now', svg) || one('.kb-start', svg))?.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    }
    box.focus();
    let dragged = false;
    dialog.addEventListener('click', (e) => {
      acts[e.target.dataset.zoom]?.();
      const link = e.target.closest('a');
      if (!link) return;
      if (dragged) e.preventDefault();
      else dialog.close();
    });
    dialog.addEventListener('keydown', (e) => acts[{ '+': 'in', '=': 'in', '-': 'out', 0: 'fit' }[e.key]]?.());
    box.addEventListener('wheel', (e) => {
      if (!e.ctrlKey && !e.metaKey) return;
      e.preventDefault();
      const { left, top } = box.getBoundingClientRect();
      set(scale * Math.exp(-e.deltaY / 300), e.clientX - left, e.clientY - top);
    }, { passive: false });
    box.addEventListener('pointerdown', (e) => {
      const { scrollLeft, scrollTop } = box;
      dragged = false;
      if (e.pointerType !== 'mouse' || e.button) return;
      e.preventDefault();
      box.focus();
      const move = (to) => {
        const [dx, dy] = [to.clientX - e.clientX, to.clientY - e.clientY];
        dragged ||= Math.abs(dx) + Math.abs(dy) > 4;
        box.scrollTo({ left: scrollLeft - dx, top: scrollTop - dy, behavior: 'instant' });
      };
      addEventListener('pointermove', move);
      addEventListener('pointerup', () => removeEventListener('pointermove', move), { once: true });
    });
    const spread = ({ touches: [a, b] }) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    let pinch = 0;
    box.addEventListener('touchmove', (e) => {
      if (e.touches.length !== 2) return;
      e.preventDefault();
      if (pinch) set(scale * spread(e) / pinch);
      pinch = spread(e);
    }, { passive: false });
    box.addEventListener('touchend', () => { pinch = 0; });
    dialog.addEventListener('close', () => {
      svg.removeAttribute('style');
      canvas.append(svg);
      canvas.removeAttribute('style');
      dialog.remove();
      opener?.focus({ preventScroll: true });
    });
  };

  // One guide: the box with the step, what can be done, the path and the note.
  const guide = copyOf('kb-guide');
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
  const noteAs = (markdown) => noteOf(root, state, words, number.value.trim(), link(), markdown);
  const showNote = () => { one('pre', note).textContent = noteAs(false); };
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
    const figure = one('.kb-flow > .kb-diagram');
    if (figure && flow.figure && figure !== flow.figure) figure.replaceWith(flow.figure);
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
    Object.assign(tool('map'), { href: '#kb-diagram', hidden: !flow.figure });
    Object.assign(tool('report'), report ? { href: report, hidden: false } : { hidden: true });
    all('.kb-lang a').forEach((a) => { a.hash = path.length ? hrefOf(path, false) : ''; });
    markStep(flow, flow.steps[step].id, state.trail.map((turn) => turn.flow === flow && flow.steps[turn.step].id));
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
  note.addEventListener('toggle', showNote);
  guide.addEventListener('click', (e) => {
    const { note: kind } = e.target.dataset;
    if (!kind) return;
    showNote();
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
  addEventListener('click', (e) => {
    const link = e.target.closest('a[href="#kb-diagram"]');
    const figure = link && (guide.contains(link) ? state.flow.figure : one('.kb-diagram'));
    if (!figure || !one('svg', figure)) return;
    e.preventDefault();
    enlarge(figure, link);
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
    open();
    addEventListener('hashchange', open);
  }
}
