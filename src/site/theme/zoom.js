'use strict';
// A large diagram: fits the screen; zoom by buttons, keys, wheel and fingers; drag. Loaded by
// script.js when somebody enlarges one.
{
  const button = (zoom, text, label) => {
    const element = document.createElement('button');
    Object.assign(element, { type: 'button', className: 'kb-button', textContent: text });
    if (label) element.ariaLabel = label;
    element.dataset.zoom = zoom;
    return element;
  };
  const build = ({ zoomOut, zoomIn, zoomFit, close }) => {
    const dialog = document.createElement('dialog');
    const [tools, box] = [document.createElement('p'), document.createElement('div')];
    dialog.className = 'kb-zoom';
    tools.className = 'kb-zoom-tools kb-row';
    tools.append(button('out', '−', zoomOut), button('in', '+', zoomIn), button('fit', zoomFit),
      button('close', close));
    tools.lastChild.classList.add('kb-primary');
    Object.assign(box, { className: 'kb-zoom-box', tabIndex: 0, role: 'region' });
    dialog.append(tools, box);
    return dialog;
  };

  window.kbZoom = (figure, opener) => {
    const dialog = build(one('.kb-enlarge', figure).dataset);
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
    dialog.lang = canvas.lang;
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
}
