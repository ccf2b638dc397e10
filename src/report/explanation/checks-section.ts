import { element, scrollBox } from '../page/element.ts';
import { count } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { numberCell, row, table } from '../page/table.ts';
import type { ExplanationData } from './explanation-data.ts';

/** Whether the pixels that maps mark matter, method by method. */
export const checksSection = defineSection<ExplanationData>({
  id: 'checks',
  heading: 'Do the marked pixels matter?',
  isShown: ({ methods }) => methods.some(({ checks }) => checks),
  draw: ({ methods }) => {
    const rows = methods.flatMap(({ title, maps, checks }) => {
      if (!checks) return [];
      const { insertion, deletion, random } = checks;
      const cells = [insertion, random.insertion, deletion, random.deletion].map((value) =>
        numberCell(value.toFixed(3), value),
      );
      return [row(title, numberCell(count(maps), maps), ...cells)];
    });
    return [
      element(
        'p',
        {},
        'Insertion: the pixels of a blurred image become those of the image, the most marked first; the mean of the label’s ' +
          'probability on the way. The higher, the sooner it is there. Deletion: they give way to the mean colour; the lower, the ' +
          'sooner the label is gone. Beside both, maps of random numbers on a grid as fine: what knows nothing scores like them.',
      ),
      scrollBox(
        'Insertion and deletion by method',
        table({
          head: ['method', 'maps', 'insertion', 'random', 'deletion', 'random'],
          numbersFrom: 1,
          rows,
        }),
      ),
    ];
  },
});
