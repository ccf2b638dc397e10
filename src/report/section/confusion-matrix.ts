/** The confusion matrix as a chart, in the colours of the shares of a row. */
import * as Plot from '@observablehq/plot';
import type { ConfusionMatrix } from '../../metrics/index.ts';
import { drawing } from '../page/chart.ts';
import { element, type PageElement } from '../page/element.ts';
import { columns, count, percent, shortenedWithin } from '../page/quantity.ts';
import { type ConfusionCell, confusionCells } from './confusion-cells.ts';

/** Classes up to which every row has its name, and every cell its count. */
const mostNamed = 40;
const mostCounted = 20;
/** Columns of a name; longer ones lose their middle, and are shown whole where the pointer rests on them. */
const mostOfName = 24;
/** Quantised, since a static page has no continuous legend. Shares of a row, below which the next colour begins. */
const steps = { wrong: [0.02, 0.05, 0.1, 0.2], right: [0.6, 0.75, 0.85, 0.95] };

/** A row for each class and a column for each prediction; names and counts where there is room for them. */
export function confusionMatrix(classes: readonly string[], confusion: ConfusionMatrix): PageElement {
  const n = classes.length;
  const isNamed = n <= mostNamed;
  const isCounted = n <= mostCounted;
  const side = isCounted ? 40 : isNamed ? 20 : 8;
  const names = classes.map((name) => shortenedWithin(name, mostOfName));
  // a column is about 8 pixels wide; columns' names stand at 45°
  const room = isNamed ? 18 + Math.ceil(7.6 * Math.max(...names.map(columns))) : 16;
  // as far as the last column's name reaches, at 45°
  const right = isNamed ? Math.max(60, Math.ceil(0.75 * room)) : 16;
  const cells = confusionCells(confusion);
  const ofKind = (right: boolean) => cells.filter((cell) => (cell.label === cell.prediction) === right);
  const fill = (kind: 'right' | 'wrong') => (cell: ConfusionCell) =>
    `var(--${kind}-${levelOf(cell.share, steps[kind])})`;
  const position = { x: 'prediction', y: 'label', inset: isCounted ? 1 : 0 };
  const title = ({ label, prediction, count: times, share }: ConfusionCell) =>
    `${classes[label]} → ${classes[prediction]}: ${count(times)} (${percent(share)})`;
  const index = Array.from({ length: n }, (_, i) => i);
  const axis = { domain: index, label: null, padding: 0, tickSize: 0, ...(!isNamed && { ticks: [] }) };
  const label = `Confusion matrix of ${n} classes: a row for each class, a column for each prediction.`;
  return drawing(label, {
    width: room + n * side + right,
    height: room * (isNamed ? 0.75 : 1) + n * side + 14,
    marginLeft: room,
    marginRight: right,
    marginTop: room * (isNamed ? 0.75 : 1),
    marginBottom: 14,
    x: { ...axis, axis: null },
    y: { ...axis, axis: null },
    color: { type: 'identity' },
    marks: [
      ...(isCounted ? [Plot.cell(everyPair(n), { x: '0', y: '1', inset: 1, fill: 'var(--empty)' })] : []),
      Plot.frame({ stroke: 'var(--rule)' }),
      Plot.cell(ofKind(true), { ...position, fill: fill('right'), title }),
      Plot.cell(ofKind(false), { ...position, fill: fill('wrong'), title }),
      ...(isCounted
        ? [
            Plot.text(cells, {
              x: 'prediction',
              y: 'label',
              text: (cell: ConfusionCell) => count(cell.count),
              fill: (cell: ConfusionCell) => textColour(cell),
              pointerEvents: 'none',
            }),
          ]
        : []),
      ...(isNamed
        ? [
            Plot.text(index, {
              y: (i: number) => i,
              text: (i: number) => names[i],
              title: (i: number) => classes[i],
              frameAnchor: 'left',
              textAnchor: 'end',
              dx: -6,
              fill: 'currentColor',
            }),
            Plot.text(index, {
              x: (i: number) => i,
              text: (i: number) => names[i],
              title: (i: number) => classes[i],
              frameAnchor: 'top',
              textAnchor: 'start',
              rotate: -45,
              dy: -8,
              lineAnchor: 'middle',
              fill: 'currentColor',
            }),
          ]
        : []),
    ],
  } as Plot.PlotOptions);
}

const everyPair = (n: number): [number, number][] =>
  Array.from({ length: n * n }, (_, i) => [i % n, Math.floor(i / n)]);

const levelOf = (share: number, bounds: readonly number[]) => bounds.filter((bound) => share >= bound).length;

function textColour({ label, prediction, share }: ConfusionCell): string {
  const kind = label === prediction ? 'right' : 'wrong';
  return levelOf(share, steps[kind]) >= 3 ? `var(--on-${kind})` : 'currentColor';
}

/** What the matrix's colours mean. */
export function confusionLegend(): PageElement {
  const ramp = (kind: 'right' | 'wrong', text: string) => {
    const bounds = steps[kind];
    const swatches = [0, ...bounds].map((from, level) => {
      const to = bounds[level] ?? 1;
      const range = `${from * 100}–${percent(to, 0)}`;
      return element('i', { class: 'swatch', style: `background: var(--${kind}-${level})`, title: range });
    });
    const marks = bounds.map((bound) => Math.round(bound * 100)).join(' · ');
    return element('span', {}, `${text} `, ...swatches, ` split at ${marks} %`);
  };
  return element(
    'p',
    { class: 'legend' },
    element('span', {}, 'Rows are the labels, columns the predictions; colours are shares of a row.'),
    ramp('right', 'right'),
    ramp('wrong', 'wrong'),
  );
}
