'use strict';
// Replies, on their own pages and on case pages: fields fill in the placeholders, each
// channel has a tab, and copying asks when something is empty. Uses the functions of
// script.js.
{
  const fieldsOf = (text) => all('.kb-field', text.closest('.kb-reply-form')).map((field) => one('[name]', field));
  const isEmpty = (field) => 'required' in field.dataset && !field.value.trim();
  const used = (text) => all('.kb-plain .kb-ph, .kb-subject .kb-ph', text).map((span) => span.dataset.ph);
  const emptyOf = (text) => fieldsOf(text).filter((field) => isEmpty(field) && used(text).includes(field.name));
  const fieldOf = (span) => fieldsOf(span).find(({ name }) => name === span.dataset.ph);

  // Copies at once, or asks first.
  const copy = async (text, kind) => {
    const plain = one(kind === 'subject' ? '.kb-subject-text' : '.kb-plain', text);
    const parts = { 'text/plain': plain.textContent };
    const rich = kind === 'both' && one('.kb-rich', text);
    if (rich) {
      const html = rich.cloneNode(true);
      all('.kb-ph', html).forEach((span) => span.replaceWith(span.textContent));
      parts['text/html'] = html.innerHTML.trim();
    }
    const { copied, failed } = one('.kb-status').dataset;
    tell(await copyParts(parts).then(() => copied, () => failed));
    if (kind !== 'subject') record(text.parentNode.dataset.ping, 'copy');
  };
  const ask = (text, kind, empty) => {
    all('.kb-confirm').forEach((old) => old.remove());
    const box = byId('kb-confirm').content.firstElementChild.cloneNode(true);
    one('b', box).textContent = empty.map((field) => field.labels[0].firstChild.textContent.trim()).join(', ');
    one('[data-ask=fill]', box).onclick = () => {
      box.remove();
      empty[0].focus();
    };
    one('[data-ask=copy]', box).onclick = () => {
      box.remove();
      copy(text, kind);
    };
    text.append(box);
    one('button', box).focus();
  };
  all('.kb-text').forEach((text) => {
    text.append(byId('kb-copy').content.firstElementChild.cloneNode(true));
    if (!one('.kb-rich', text)) one('[data-copy=both]', text).remove();
    if (!one('.kb-subject', text)) one('[data-copy=subject]', text).remove();
    one('[data-copy]', text).classList.add('kb-primary');
  });
  addEventListener('click', ({ target }) => {
    const { copy: kind } = target.dataset;
    if (kind) {
      const text = target.closest('.kb-text');
      const empty = emptyOf(text);
      if (empty.length) ask(text, kind, empty);
      else copy(text, kind);
    }
    if (target.matches('.kb-ph')) fieldOf(target)?.focus();
  });

  // Length in characters and SMS segments.
  const basic = /^[\n\r -#%-?A-Za-z@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà]$/;
  const extended = '\f^{}\\[~]|€';
  const countSegments = (characters) => {
    const gsm = characters.every((c) => basic.test(c) || extended.includes(c));
    const sizes = characters.map((c) => (gsm ? 1 + extended.includes(c) : c.length));
    if (sizes.reduce((a, b) => a + b, 0) <= (gsm ? 160 : 70)) return 1;
    const room = gsm ? 153 : 67;
    let [segments, taken] = [1, 0];
    sizes.forEach((size) => {
      taken += size;
      if (taken > room) [segments, taken] = [segments + 1, size];
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

  // The fields fill in the placeholders; replies of one case share what is typed.
  const forms = all('.kb-fields');
  const fill = (form) => {
    const texts = all('.kb-text', form.closest('.kb-reply-form'));
    texts.flatMap((text) => all('.kb-ph', text)).forEach((span) => {
      const field = fieldOf(span);
      if (!field) return;
      const needed = 'required' in field.dataset;
      const value = field.value.trim();
      span.textContent = value || (needed ? `{{${field.name}}}` : '');
      span.classList.toggle('kb-filled', value || !needed);
    });
    texts.forEach(measure);
  };
  const share = ({ name, value }) => forms.forEach((form) => {
    const field = form.elements.namedItem(name);
    if (!field || field.value === value) return;
    if (field.options && ![...field.options].some((option) => option.value === value)) return;
    field.value = value;
    fill(form);
  });
  forms.forEach((form) => {
    form.oninput = (e) => {
      fill(form);
      share(e.target);
    };
    form.onreset = () => setTimeout(() => fill(form));
    form.onsubmit = () => {
      one('.kb-text:not([hidden]) .kb-primary', form.closest('.kb-reply-form')).click();
      return false;
    };
    fill(form);
  });

  // One tab per channel.
  all('.kb-texts').forEach((box) => {
    const panels = all('.kb-text', box);
    if (panels.length < 2) return;
    const list = document.createElement('div');
    Object.assign(list, { className: 'kb-tabs kb-row', role: 'tablist' });
    const choose = (chosen) => [...list.children].forEach((tab, i) => {
      tab.ariaSelected = String(i === chosen);
      tab.tabIndex = i === chosen ? 0 : -1;
      panels[i].hidden = i !== chosen;
    });
    panels.forEach((panel, i) => {
      const tab = document.createElement('button');
      Object.assign(tab, { className: 'kb-button', id: panel.id + '-tab', role: 'tab', type: 'button',
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
  });

  // The switches of a case. The address and the session keep the choice.
  const switches = one('.kb-switches');
  if (switches && one('select', switches)) {
    const key = 'kb-switches';
    const remembered = () => {
      try { return sessionStorage.getItem(key); } catch { return ''; }
    };
    const given = new URLSearchParams([...new URLSearchParams(remembered() || ''),
      ...new URLSearchParams(location.search)]);
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
      if (given.getAll(option.parentNode.name).at(-1) === option.value) option.selected = true;
    });
    switches.addEventListener('change', () => {
      show();
      const now = new URLSearchParams(chosen());
      chosen().forEach(([name, value]) => given.set(name, value));
      try { sessionStorage.setItem(key, given); } catch { /* the address still has it */ }
      history.replaceState(null, '', '?' + now + location.hash);
    });
    show();
  }

  all('.kb-reply-form').forEach((form) => form.classList.add('kb-ready'));

  // On a case page, a step's link to one of its replies leads to that reply.
  const replies = all('.kb-reply');
  addEventListener('click', (e) => {
    const link = e.target.closest('.kb-guide a[href]');
    const reply = link && replies.find((card) => all('h3 a', card)
      .some(({ href }) => href.split('#')[0] === link.href.split('#')[0]));
    if (!reply || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    const version = one('.kb-version:not([hidden])', reply);
    reply.scrollIntoView();
    (all('.kb-field [name]', version).find(isEmpty) || one('h3 a', version)).focus({ preventScroll: true });
  });
}
