/** What was taken for what: the matrix where it can be read, and the most confused pairs. */
import { type ConfusionCell, confusedPairs } from './confusion-cells.ts';
import { confusionLegend, confusionMatrix } from './confusion-matrix.ts';
import { element, named, type PageElement, scrollBox, section } from './element.ts';
import { count, percent, plural } from './quantity.ts';
import type { ReportData } from './report-data.ts';
import { barCell, numberCell, row, table } from './table.ts';

/** Classes up to which there is a matrix, and up to which the list of pairs is short. */
const most = { matrix: 120, few: 40 };
const pairsShown = { few: 10, many: 200 };

export function confusionSection({ classes, confusion, split, score }: ReportData): PageElement {
  const pairs = confusedPairs(confusion);
  const summary =
    pairs.length === 0
      ? `No ${split} image was taken for another class.`
      : `${plural(score.total - score.correct, 'wrong answer')} on ${plural(score.total, `${split} image`)}, ` +
        `in ${plural(pairs.length, 'pair')} of classes.`;
  const made = section('confusion', 'What was taken for what', element('p', {}, summary));
  const pairList = pairs.length > 0 && classes.length > 2 ? [pairTable(classes, pairs)] : [];
  if (classes.length > most.matrix) {
    const note = `A matrix of ${count(classes.length)} classes would be too fine to read.`;
    made.append(element('p', { class: 'note' }, note), ...pairList);
    return made;
  }
  const box = scrollBox('Confusion matrix', confusionMatrix(classes, confusion), 'matrix');
  const layout = classes.length <= 12 ? 'beside' : 'stacked';
  made.append(confusionLegend(), element('div', { class: layout }, box, ...pairList));
  return made;
}

function pairTable(classes: readonly string[], pairs: readonly ConfusionCell[]): PageElement {
  const shown = pairs.slice(0, classes.length > most.few ? pairsShown.many : pairsShown.few);
  const all = shown.length === pairs.length;
  const title = all ? 'Confused pairs' : `The ${shown.length} most confused of ${count(pairs.length)} pairs`;
  const note = element('span', { class: 'note' }, ' with their share of the label’s images');
  const rows = shown.map(({ label, prediction, count: times, share }) =>
    row(
      named(classes[label] as string),
      element('td', {}, named(classes[prediction] as string)),
      numberCell(count(times)),
      barCell(percent(share), share),
    ),
  );
  const made = table({
    caption: element('caption', {}, title, note),
    head: ['label', 'predicted', 'images', 'share'],
    numbersFrom: 2,
    rows,
  });
  return scrollBox(title, made, rows.length > 15 ? 'tall' : '');
}
