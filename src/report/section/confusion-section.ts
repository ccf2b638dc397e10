/** What was taken for what: the matrix where it can be read, and the most confused pairs. */
import { type ConfusedPair, confusedPairs } from '../../metrics/index.ts';
import { type Child, element, named, type PageElement, scrollBox } from '../page/element.ts';
import { count, percent, plural } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { barCell, numberCell, row, table } from '../page/table.ts';
import type { Answered } from './answered.ts';
import { confusionLegend, confusionMatrix } from './confusion-matrix.ts';

/** Classes up to which there is a matrix, and up to which the list of pairs is short. */
const most = { matrix: 120, few: 40 };
const pairsShown = { few: 10, many: 200 };

/** The matrix, where it is not too fine, and the pairs. */
export const confusionSection = defineSection<Answered>({
  id: 'confusion',
  heading: 'What was taken for what',
  draw: ({ classes, confusion, split, score }) => {
    const pairs = confusedPairs(confusion, Number.POSITIVE_INFINITY);
    const summary =
      pairs.length === 0
        ? `No ${split} image was taken for another class.`
        : `${plural(score.total - score.correct, 'wrong answer')} on ${plural(score.total, `${split} image`)}, ` +
          `in ${plural(pairs.length, 'pair')} of classes.`;
    const pairList = pairs.length > 0 && classes.length > 2 ? [pairTable(classes, pairs)] : [];
    const below: Child[] =
      classes.length > most.matrix
        ? [
            element('p', { class: 'note' }, `A matrix of ${count(classes.length)} classes would be too fine to read.`),
            ...pairList,
          ]
        : [
            confusionLegend(),
            element(
              'div',
              { class: classes.length <= 12 ? 'beside' : 'stacked' },
              scrollBox('Confusion matrix', confusionMatrix(classes, confusion), 'matrix'),
              ...pairList,
            ),
          ];
    return [element('p', {}, summary), ...below];
  },
});

function pairTable(classes: readonly string[], pairs: readonly ConfusedPair[]): PageElement {
  const shown = pairs.slice(0, classes.length > most.few ? pairsShown.many : pairsShown.few);
  const largest = Math.max(...shown.map(({ share }) => share));
  const all = shown.length === pairs.length;
  const title = all ? 'Confused pairs' : `The ${shown.length} most confused of ${count(pairs.length)} pairs`;
  const note = element('span', { class: 'note' }, ' with their share of the label’s images');
  const rows = shown.map(({ label, prediction, images, share }) =>
    row(
      named(classes[label] as string),
      element('td', {}, named(classes[prediction] as string)),
      numberCell(count(images), images),
      barCell(percent(share), share / largest, '', share),
    ),
  );
  const made = table({
    caption: element('caption', {}, title, note),
    head: ['label', 'predicted', 'images', 'share'],
    numbersFrom: 2,
    rows,
    sorted: { by: 2, direction: 'descending' },
  });
  return scrollBox(title, made, rows.length > 15 ? 'tall' : '');
}
