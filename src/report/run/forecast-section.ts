import * as Plot from '@observablehq/plot';
import type { ClassForecast, Estimate, Forecast } from '../../probes/index.ts';
import { chart, grid } from '../page/chart.ts';
import { element, named, type PageElement, scrollBox } from '../page/element.ts';
import { count, percent, plural, shortened } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { numberCell, row, table } from '../page/table.ts';
import type { ReportData } from './report-data.ts';

/** Classes whose curves are drawn. */
const drawn = 3;

/** What more images of each class would bring, where it was measured. */
export const forecastSection = defineSection<ReportData>({
  id: 'forecast',
  heading: 'What more photographs would bring',
  isShown: ({ forecast }) => forecast !== undefined,
  draw: ({ classes, forecast }) => {
    if (!forecast) return [];
    const ranked = forecast.classes.toSorted((a, b) => allGain(b) - allGain(a));
    return [
      element('p', {}, ...firstStep(forecast, ranked, classes)),
      scrollBox('Forecast for every class', forecastTable(forecast, ranked, classes), ranked.length > 15 ? 'tall' : ''),
      element(
        'div',
        { class: 'pair' },
        ...ranked.slice(0, drawn).map((one) => curve(one, classes[one.label] as string)),
      ),
      element('p', {}, assumptions(forecast)),
      ...tooFew(forecast, classes),
    ];
  },
});

function forecastTable(
  { everyClass }: Forecast,
  ranked: readonly ClassForecast[],
  classes: readonly string[],
): PageElement {
  const added = everyClass.more.map((growth) => growth.added);
  const rows = ranked.map(({ label, images, now, more }) =>
    row(
      named(classes[label] as string),
      numberCell(count(images), images),
      numberCell(spanned(now), now.value),
      ...more.map(({ accuracy }) => numberCell(spanned(accuracy), accuracy.value)),
      ...more.slice(0, 1).map(({ all }) => numberCell(points(all), all.value)),
    ),
  );
  const head = ['class', 'images', 'recognised now', ...added.map((n) => `with ${count(n)} more`)];
  const last = `all images, with ${count(added[0] ?? 0)} more`;
  return table({
    head: [...head, last],
    numbersFrom: 1,
    rows,
    sorted: { by: head.length, direction: 'descending' },
  });
}

const allGain = ({ more }: ClassForecast) => more[0]?.all.value ?? 0;

/** What to do first; of classes whose gain may be nothing, none is named. */
function firstStep(
  { everyClass }: Forecast,
  ranked: readonly ClassForecast[],
  classes: readonly string[],
): (PageElement | string)[] {
  const best = ranked[0];
  const growth = best?.more[0];
  const together = everyClass.more[0];
  const every = together
    ? ` With ${count(together.added)} more of every class, the mean over the classes would go from ${percent(everyClass.now.value, 0)} to ` +
      `${percent(together.accuracy.value, 0)} (${span(together.accuracy)}).`
    : '';
  if (!best || !growth || growth.all.low <= 0) return [`No single class stands out to photograph first.${every}`];
  return [
    'Photograph more of ',
    named(classes[best.label] as string),
    ` first: with ${count(growth.added)} more, ${percent(growth.accuracy.value, 0)} (${span(growth.accuracy)}) of them would be ` +
      `recognised instead of ${percent(best.now.value, 0)}, and ${points(growth.all)} points more of all images.${every}`,
  ];
}

function assumptions({ measured, alone }: Forecast): string {
  const by =
    measured.by === 'folds'
      ? "with the network's features as they stood before training, on images that the head was not fitted on"
      : 'with the trained network’s features, which know the training images, on validation images alone';
  return (
    `Measured on ${plural(measured.images, 'image')} by fitting the head again on shares of the images, ${by}. ` +
    `${alone ? 'Each class was made smaller by itself, counting as much as before.' : 'All classes were made smaller together, so that a class’s gain is one that all had part in.'} ` +
    'The ranges hold 95 % of what these measurements allow for images like these, if errors go on along a power law. ' +
    'A score on few images, or on images of another kind, may be further off, and the trained network may be better than its head ' +
    'alone: look at the differences.'
  );
}

function tooFew({ tooFew: labels }: Forecast, classes: readonly string[]): PageElement[] {
  if (labels.length === 0) return [];
  const names = labels.slice(0, 12).flatMap((label, i) => [...(i > 0 ? [', '] : []), named(classes[label] as string)]);
  const more = labels.length > 12 ? ` and ${count(labels.length - 12)} more` : '';
  return [element('p', {}, 'Too few images to tell, so photograph these in any case: ', ...names, `${more}.`)];
}

/** The measured accuracies, and the forecast with its range. */
function curve({ curve, images, now, more }: ClassForecast, name: string): PageElement {
  const ahead = [{ images, ...now }, ...more.map(({ added, accuracy }) => ({ images: images + added, ...accuracy }))];
  const last = ahead.at(-1)!;
  return chart(
    shortened(name, 40),
    `Recognised images of ${name} by number of training images: ${percent(now.value, 0)} with ${count(images)}, forecast ` +
      `${percent(last.value, 0)} with ${count(last.images)}, between ${span(last)}.`,
    {
      x: { label: 'training images', labelArrow: 'none', zero: true },
      y: { domain: [0, 1], label: null, ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: (d: number) => percent(d, 0) },
      marks: [
        Plot.gridY({ ...grid, ticks: [0, 0.25, 0.5, 0.75, 1] }),
        Plot.areaY(ahead, { x: 'images', y1: 'low', y2: 'high', fill: 'var(--train)', fillOpacity: 0.18 }),
        Plot.lineY(ahead, { x: 'images', y: 'value', stroke: 'var(--train)', strokeDasharray: '4 3' }),
        Plot.dot(curve, { x: 'images', y: 'accuracy', fill: 'var(--train)', r: 3.5 }),
      ],
    },
  );
}

const span = ({ low, high }: Estimate) => `${(100 * low).toFixed(0)} to ${percent(high, 0)}`;

/** 45 % (38–51) */
const spanned = (estimate: Estimate) =>
  `${percent(estimate.value, 0)} (${(100 * estimate.low).toFixed(0)}–${(100 * estimate.high).toFixed(0)})`;

const signed = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`;

/** +0.4 (+0.1 to +0.7), in points. */
const points = ({ value, low, high }: Estimate) => `${signed(value)} (${signed(low)} to ${signed(high)})`;
