/** What every page does with a script, and reads well without: light and dark by a button, tables that sort, contents that fold. */

/** Turns light and dark into each other: the dark rules stand in a style element of their own. */
export const themeScript = `
(() => {
  const button = document.querySelector('button.theme');
  const dark = document.getElementById('dark');
  button.hidden = false;
  button.addEventListener('click', () => {
    dark.media = matchMedia(dark.media).matches ? 'not all' : 'screen';
  });
})();
`;

/** Heads of sortable tables become buttons. A number sorts by its cell's data-value, and one that was not measured stands last. */
const sortScript = `
(() => {
  const names = new Intl.Collator(undefined, { numeric: true });
  const keyOf = (row, at) => {
    const cell = row.cells[at];
    return cell.dataset.value === undefined ? cell.textContent : cell.dataset.value === '' ? undefined : Number(cell.dataset.value);
  };
  const compared = (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : names.compare(a, b));
  const sort = (table, at, direction) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, key: keyOf(row, at) }));
    rows.sort((a, b) =>
      a.key === undefined || b.key === undefined
        ? (a.key === undefined) - (b.key === undefined)
        : (direction === 'ascending' ? 1 : -1) * compared(a.key, b.key));
    body.append(...rows.map(({ row }) => row));
    for (const head of table.tHead.rows[0].cells) head.removeAttribute('aria-sort');
    table.tHead.rows[0].cells[at].setAttribute('aria-sort', direction);
  };
  for (const table of document.querySelectorAll('table.sortable'))
    [...table.tHead.rows[0].cells].forEach((head, at) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.title = 'sort by ' + head.textContent;
      button.append(...head.childNodes);
      head.append(button);
      const first = head.classList.contains('number') ? 'descending' : 'ascending';
      const other = { ascending: 'descending', descending: 'ascending' };
      button.addEventListener('click', () => sort(table, at, other[head.getAttribute('aria-sort')] ?? first));
    });
})();
`;

/** The contents are closed where they are a bar, and say which section is in view where they stand beside. */
const contentsScript = `
(() => {
  const contents = document.querySelector('.contents details');
  const narrow = matchMedia('(max-width: 1119px)');
  const fold = () => { contents.open = !narrow.matches; };
  fold();
  narrow.addEventListener('change', fold);
  contents.addEventListener('click', (event) => { if (event.target.closest('a') && narrow.matches) contents.open = false; });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !narrow.matches || !contents.open) return;
    contents.open = false;
    contents.querySelector('summary').focus();
  });
  const links = new Map([...contents.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const link = links.get(target.getAttribute('aria-labelledby'));
      if (!isIntersecting) link.removeAttribute('aria-current');
      else link.setAttribute('aria-current', 'true');
    }
  }, { rootMargin: '-20% 0px -79% 0px' });
  for (const section of document.querySelectorAll('main > section')) seen.observe(section);
})();
`;

/** Of pages with sections. */
export const pageScript = themeScript + sortScript + contentsScript;
