import { element, named, type PageElement, scrollBox } from '../page/element.ts';
import { count, percent, plural, shortened } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { stats } from '../page/stats.ts';
import { barCell, numberCell, row, table } from '../page/table.ts';
import type { EvaluationAgainst, EvaluationReport } from './evaluation-data.ts';
import { points, pointsSpan, probabilityText } from './wording.ts';

/** This checkpoint and another one on the same images. */
export const againstSection = defineSection<EvaluationReport>({
  id: 'against',
  heading: 'Against the other checkpoint',
  isShown: ({ against }) => against !== undefined,
  draw: ({ against, network, score }) => {
    if (!against) return [];
    const { difference, mcnemar, verdict, notes } = against;
    const method = mcnemar.method === 'exact' ? 'exact test' : 'χ² test';
    return [
      element('p', {}, verdict),
      stats(
        [
          { label: shortened(network, 22), value: percent(score.correct / score.total), note: 'this one' },
          {
            label: shortened(against.network, 22),
            value: percent(against.correct / against.total),
            note: 'the other one',
          },
          { label: 'difference', value: points(difference.value), note: pointsSpan(difference) },
          { label: 'p', value: probabilityText(mcnemar.p), note: `McNemar, ${method}` },
        ],
        { isFirstLarge: false },
      ),
      scrollBox('Image by image', pairs(against)),
      element('p', { class: 'note' }, 'The other checkpoint is ', named(against.checkpoint), '.'),
      ...notes.map((note) => element('p', { class: 'note' }, note)),
    ];
  },
});

/** How many images both, one or none has right. */
function pairs({ correct, total, mcnemar: { b, c } }: EvaluationAgainst): PageElement {
  const both = correct - c;
  const rows: [string, number, string][] = [
    ['both', both, 'good'],
    ['only this one', b, 'good'],
    ['only the other one', c, ''],
    ['neither', total - both - b - c, ''],
  ];
  return table({
    caption: element('caption', {}, `Image by image, of ${plural(total, 'image')}`),
    head: ['who is right', 'images', 'share'],
    isSortable: false,
    numbersFrom: 1,
    rows: rows.map(([name, images, kind]) =>
      row(name, numberCell(count(images), images), barCell(percent(images / total), images / total, kind)),
    ),
  });
}
