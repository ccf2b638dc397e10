import { element, named, type PageElement, scrollBox, section } from './element.ts';
import { count, percent } from './quantity.ts';
import type { ReportData } from './report-data.ts';
import { barCell, numberCell, row, table } from './table.ts';

/** Precision, recall, F1 and support of every class, the worst first. */
export function classTable({ classes, confusion, split }: ReportData): PageElement {
  const scored = confusion
    .perClass()
    .map((scores, i) => ({ ...scores, name: classes[i] as string }))
    .sort((a, b) => rank(a) - rank(b));
  const rows = scored.map(({ name, precision, recall, f1, support }) =>
    row(
      named(name),
      numberCell(percent(precision)),
      numberCell(percent(recall)),
      barCell(percent(f1), f1 || 0, 'good'),
      numberCell(count(support)),
    ),
  );
  const scores = table({ head: ['class', 'precision', 'recall', 'F1', 'images'], numbersFrom: 1, rows });
  return section(
    'classes',
    'Class by class',
    element(
      'p',
      {},
      `${count(classes.length)} classes on the ${split} images, the worst first. Precision: of the images predicted to be ` +
        'this class, the share that are. Recall: of the images that are, the share found. F1 is their harmonic mean.',
    ),
    scrollBox('Scores of every class', scores, rows.length > 15 ? 'tall' : ''),
  );
}

/** A class without images has no F1 and stands last. */
const rank = ({ f1, support }: { readonly f1: number; readonly support: number }) => (support === 0 ? 2 : f1);
