import { element, named, scrollBox } from '../page/element.ts';
import { count, percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { barCell, numberCell, row, table } from '../page/table.ts';
import type { Answered } from './answered.ts';

/** Precision, recall, F1 and support of every class, the worst first. */
export const classTable = defineSection<Answered>({
  id: 'classes',
  heading: 'Class by class',
  draw: ({ classes, confusion, split }) => {
    const scored = confusion
      .perClass()
      .map((scores, i) => ({ ...scores, name: classes[i] as string }))
      .sort((a, b) => rank(a) - rank(b));
    const rows = scored.map(({ name, precision, recall, f1, support }) =>
      row(
        named(name),
        numberCell(percent(precision), precision),
        numberCell(percent(recall), recall),
        barCell(percent(f1), f1, 'good', support === 0 ? Number.NaN : f1),
        numberCell(count(support), support),
      ),
    );
    const scores = table({
      head: ['class', 'precision', 'recall', 'F1', 'images'],
      numbersFrom: 1,
      rows,
      sorted: { by: 3, direction: 'ascending' },
    });
    const text =
      `${count(classes.length)} classes on the ${split} images, the worst first. Precision: of the images predicted to be ` +
      'this class, the share that are. Recall: of the images that are, the share found. F1 is their harmonic mean.';
    return [element('p', {}, text), scrollBox('Scores of every class', scores, rows.length > 15 ? 'tall' : '')];
  },
});

/** A class without images has no F1 and stands last. */
const rank = ({ f1, support }: { readonly f1: number; readonly support: number }) => (support === 0 ? 2 : f1);
