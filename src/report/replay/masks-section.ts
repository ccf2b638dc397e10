import { element, named, scrollBox } from '../page/element.ts';
import { count, percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { barCell, numberCell, row, table } from '../page/table.ts';
import type { ReplayData } from './replay-data.ts';

/** What dropout and stochastic depth let through. */
export const masksSection = defineSection<ReplayData>({
  id: 'masks',
  heading: 'What was left out',
  isShown: ({ masks }) => masks.length > 0,
  draw: ({ masks }) => [
    element(
      'p',
      {},
      'Dropout sets single numbers of a map to 0, stochastic depth leaves out a whole block for some images. What is kept is drawn anew in each ' +
        'step, from the seed and the number of the step: it was the same when the run took this step.',
    ),
    scrollBox(
      'Masks by layer',
      table({
        head: ['layer', 'what', 'kept', 'expected', 'numbers or images'],
        numbersFrom: 2,
        rows: masks.map(({ path, kind, rate, kept, total }) =>
          row(
            named(path),
            element('td', {}, kind),
            barCell(percent(kept / total), kept / total),
            numberCell(percent(1 - rate), 1 - rate),
            numberCell(`${count(kept)} of ${count(total)}`, kept),
          ),
        ),
      }),
      masks.length > 20 ? 'tall' : '',
    ),
  ],
});
