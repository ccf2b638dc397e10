/** What the page does beyond folding, which needs no script: facts on hover and focus, a dense layer's connections, and open and close all. */
export const drawingScript = `
(() => {
  const tip = document.getElementById('tip');
  const say = (target, x, y) => {
    const [name, ...lines] = target.dataset.tip.split('\\n');
    const strong = document.createElement('strong');
    strong.textContent = name;
    tip.replaceChildren(strong, ...lines.map((line) => Object.assign(document.createElement('span'), { textContent: line })));
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    tip.style.left = Math.max(8, Math.min(x + 16, room - width - 8)) + 'px';
    tip.style.top = (y + 20 + height > innerHeight ? Math.max(8, y - height - 12) : y + 20) + 'px';
  };
  const hide = () => { tip.hidden = true; };
  const space = 'http://www.w3.org/2000/svg';
  const mark = (tag, attributes) => {
    const made = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const clear = (svg) => {
    svg.querySelector('.edges')?.remove();
    for (const row of svg.querySelectorAll('.dense-row.on')) row.classList.remove('on');
  };
  const show = (row) => {
    const svg = row.ownerSVGElement;
    if (row.classList.contains('on')) return;
    clear(svg);
    row.classList.add('on');
    const rows = [...svg.querySelectorAll('.dense-row')];
    const fan = svg.querySelector('.fan');
    const edges = mark('g', { class: 'edges' });
    const to = Number(row.dataset.y);
    for (const source of row.dataset.from.split(' ').filter(Boolean)) {
      const from = rows[Number(source)]?.dataset ?? { x: fan.dataset.input, y: fan.dataset.top };
      edges.append(mark('path', { class: 'edge', d: 'M' + from.x + ',' + from.y + 'V' + to }));
      edges.append(mark('circle', { class: 'dot', cx: from.x, cy: to, r: 2 }));
    }
    svg.append(edges);
  };
  document.addEventListener('pointerover', (event) => {
    const row = event.target.closest('.strip .dense-row');
    if (row) show(row);
    for (const svg of document.querySelectorAll('.strip svg')) if (!svg.contains(event.target) && svg !== document.activeElement) clear(svg);
  });
  document.addEventListener('pointermove', (event) => {
    const target = event.target.closest('[data-tip]');
    if (target) say(target, event.clientX, event.clientY);
    else hide();
  });
  document.addEventListener('pointerleave', hide);
  document.addEventListener('scroll', hide, { passive: true });
  document.addEventListener('focusin', (event) => {
    const target = event.target.closest('summary')?.querySelector('[data-tip]');
    if (!target || !event.target.matches(':focus-visible')) return;
    const { left, bottom } = event.target.getBoundingClientRect();
    say(target, left + 40, bottom);
  });
  document.addEventListener('focusout', hide);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
    const svg = event.target.closest('.strip svg');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!svg || !step) return;
    event.preventDefault();
    const rows = [...svg.querySelectorAll('.dense-row')];
    const at = rows.findIndex((row) => row.classList.contains('on'));
    const row = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))];
    show(row);
    const { left, bottom } = row.getBoundingClientRect();
    say(row, left, bottom);
  });
  // bars are in proportion to the longest of their column that is shown
  const isShown = (bar) => {
    for (let part = bar.closest('details'); part; part = part.parentElement.closest('details')) {
      const half = bar.closest('summary')?.parentElement === part ? bar.closest('.closed, .opened') : undefined;
      if (half ? half.matches('.closed') && part.open : !part.open) return false;
    }
    return true;
  };
  const measure = (network) => {
    for (const column of [3, 4]) {
      const bars = [...network.querySelectorAll('.c:nth-child(' + column + ') > i')].map((bar) => [bar, Number(bar.dataset.amount)]);
      const most = Math.max(1, ...bars.map(([bar, amount]) => (isShown(bar) ? amount : 0)));
      for (const [bar, amount] of bars) bar.style.setProperty('--share', amount > 0.004 * most ? Math.min(1, amount / most) : 0);
    }
  };
  const changed = new Set();
  document.addEventListener('toggle', (event) => {
    if (changed.size === 0) requestAnimationFrame(() => { changed.forEach(measure); changed.clear(); });
    changed.add(event.target.closest('.network'));
  }, true);
  const all = [...document.querySelectorAll('details')];
  const atFirst = new Map(all.map((part) => [part, part.open]));
  const ways = { open: () => true, close: () => false, first: (part) => atFirst.get(part) };
  for (const button of document.querySelectorAll('button[data-fold]'))
    button.addEventListener('click', () => { for (const part of all) part.open = ways[button.dataset.fold](part); });
  document.querySelector('.controls').hidden = false;
})();
`;
