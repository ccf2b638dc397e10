import { element, named, type PageElement, scrollBox } from '../page/element.ts';
import { intervalCell, stripScale } from '../page/interval-cell.ts';
import { count, percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { numberCell, row, table } from '../page/table.ts';
import type { EvaluationReport, EvaluationSlices } from './evaluation-data.ts';
import { span } from './wording.ts';

/** Accuracy by what the images have in common. */
export const slicesSection = defineSection<EvaluationReport>({
  id: 'slices',
  heading: 'On which images',
  isShown: ({ slices }) => slices.length > 0,
  draw: ({ slices, score }) => {
    const whole = score.correct / score.total;
    const text =
      `Accuracy by what the images have in common, with 95 % intervals. The line stands at ${percent(whole)}, the accuracy on all; ` +
      'orange lies wholly below it, blue wholly above, and grey may be chance.';
    return [element('p', {}, text), ...slices.map((group) => sliceTable(group, whole))];
  },
});

function sliceTable({ by, slices }: EvaluationSlices, whole: number): PageElement {
  const strips = slices.map(({ images, correct, interval }) => ({ value: correct / images, ...interval }));
  const scale = stripScale(strips, whole);
  const rows = slices.map(({ label, images, correct, interval }) => {
    const value = correct / images;
    return row(
      named(label),
      numberCell(count(images), images),
      numberCell(percent(value), value),
      intervalCell({ value, ...interval }, scale, `${percent(value)}, ${span(interval)}`),
    );
  });
  const made = table({
    caption: element('caption', {}, `By ${by}`),
    head: [by, 'images', 'accuracy', `interval, ${percent(scale.from, 0)} to ${percent(scale.to, 0)}`],
    numbersFrom: 1,
    rows,
  });
  return scrollBox(`Accuracy by ${by}`, made, rows.length > 15 ? 'tall' : '');
}
