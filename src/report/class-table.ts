import { element, named, type PageElement, scrollBox } from './element.ts';
import { count, percent } from './quantity.ts';
import type { ReportData } from './report-data.ts';

/** Precision, recall, F1 and support of every class, the worst first. */
export function classTable({ classes, confusion, split }: ReportData): PageElement {
  const scored = confusion
    .perClass()
    .map((scores, i) => ({ ...scores, name: classes[i] as string }))
    .sort((a, b) => rank(a) - rank(b));
  const rows = scored.map(({ name, precision, recall, f1, support }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, named(name)),
      ...[precision, recall].map((share) => element('td', { class: 'number' }, percent(share))),
      element('td', { class: 'number bar good', style: `--share: ${((f1 || 0) * 100).toFixed(1)}%` }, percent(f1)),
      element('td', { class: 'number' }, count(support)),
    ),
  );
  const head = ['class', 'precision', 'recall', 'F1', 'images'].map((text, i) =>
    element('th', { scope: 'col', ...(i > 0 && { class: 'number' }) }, text),
  );
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows));
  return element(
    'section',
    { 'aria-labelledby': 'classes' },
    element('h2', { id: 'classes' }, 'Class by class'),
    element(
      'p',
      {},
      `${count(classes.length)} classes on the ${split} images, the worst first. Precision: of the images predicted to be ` +
        'this class, the share that are. Recall: of the images that are, the share found. F1 is their harmonic mean.',
    ),
    scrollBox('Scores of every class', table, rows.length > 15 ? 'tall' : ''),
  );
}

/** A class without images has no F1 and stands last. */
const rank = ({ f1, support }: { readonly f1: number; readonly support: number }) => (support === 0 ? 2 : f1);
