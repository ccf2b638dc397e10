/** What was taken for what: the matrix where it can be read, and the most confused pairs. */
import * as Plot from '@observablehq/plot';
import type { ConfusionMatrix } from '../metrics/index.ts';
import { drawing } from './chart.ts';
import { type ConfusedPair, confusedPairs } from './confused-pairs.ts';
import { element, named, type PageElement, scrollBox } from './element.ts';
import { columns, count, percent, plural, shortened } from './quantity.ts';
import type { ReportData } from './report-data.ts';

/** Classes up to which every row has its name, and up to which there is a matrix at all. */
const readable = { names: 40, matrix: 120 };
const pairsShown = { few: 10, many: 200 };
/** Quantised, since a static page has no continuous legend. Shares of a row, below which the next colour begins. */
const steps = { wrong: [0.02, 0.05, 0.1, 0.2], right: [0.6, 0.75, 0.85, 0.95] };

interface Cell {
  readonly label: number;
  readonly prediction: number;
  readonly count: number;
  readonly share: number;
}

export function confusionSection({ classes, confusion, split, score }: ReportData): PageElement {
  const pairs = confusedPairs(confusion);
  const section = element(
    'section',
    { 'aria-labelledby': 'confusion' },
    element('h2', { id: 'confusion' }, 'What was taken for what'),
    element(
      'p',
      {},
      pairs.length === 0
        ? `No ${split} image was taken for another class.`
        : `${plural(score.total - score.correct, 'wrong answer')} on ${plural(score.total, `${split} image`)}, ` +
            `in ${plural(pairs.length, 'pair')} of classes.`,
    ),
  );
  const table = pairs.length > 0 && classes.length > 2 ? [pairTable(classes, pairs)] : [];
  if (classes.length > readable.matrix) {
    const note = `A matrix of ${count(classes.length)} classes would be too fine to read.`;
    section.append(element('p', { class: 'note' }, note), ...table);
    return section;
  }
  const label = `Confusion matrix of ${classes.length} classes: a row for each class, a column for each prediction.`;
  const box = scrollBox('Confusion matrix', matrix(classes, confusion, label), 'matrix');
  section.append(legend(), element('div', { class: classes.length <= 12 ? 'beside' : 'stacked' }, box, ...table));
  return section;
}

function matrix(classes: readonly string[], confusion: ConfusionMatrix, label: string): PageElement {
  const n = classes.length;
  const named = n <= readable.names;
  const counted = n <= 20;
  const side = counted ? 40 : named ? 20 : 8;
  const names = classes.map((name) => shortened(name, 14));
  // a column is about 8 pixels wide; columns' names stand at 45°
  const room = named ? Math.min(132, 18 + 8 * Math.max(...names.map(columns))) : 16;
  const cells = cellsOf(confusion);
  const ofKind = (right: boolean) => cells.filter((cell) => (cell.label === cell.prediction) === right);
  const fill = (kind: 'right' | 'wrong') => (cell: Cell) => `var(--${kind}-${levelOf(cell.share, steps[kind])})`;
  const position = { x: 'prediction', y: 'label', inset: counted ? 1 : 0 };
  const title = ({ label, prediction, count: times, share }: Cell) =>
    `${classes[label]} → ${classes[prediction]}: ${count(times)} (${percent(share)})`;
  const index = Array.from({ length: n }, (_, i) => i);
  const axis = { domain: index, label: null, padding: 0, tickSize: 0, ...(!named && { ticks: [] }) };
  return drawing(label, {
    width: room + n * side + (named ? 60 : 16),
    height: room * (named ? 0.75 : 1) + n * side + 14,
    marginLeft: room,
    marginRight: named ? 60 : 16,
    marginTop: room * (named ? 0.75 : 1),
    marginBottom: 14,
    x: { ...axis, axis: null },
    y: { ...axis, tickFormat: (i: number) => names[i] },
    color: { type: 'identity' },
    marks: [
      ...(counted ? [Plot.cell(everyPair(n), { x: '0', y: '1', inset: 1, fill: 'var(--empty)' })] : []),
      Plot.frame({ stroke: 'var(--rule)' }),
      Plot.cell(ofKind(true), { ...position, fill: fill('right'), title }),
      Plot.cell(ofKind(false), { ...position, fill: fill('wrong'), title }),
      ...(counted
        ? [
            Plot.text(cells, {
              x: 'prediction',
              y: 'label',
              text: (cell: Cell) => count(cell.count),
              fill: (cell: Cell) => textColour(cell),
              pointerEvents: 'none',
            }),
          ]
        : []),
      ...(named
        ? [
            Plot.text(index, {
              x: (i: number) => i,
              text: (i: number) => names[i],
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

function cellsOf(confusion: ConfusionMatrix): Cell[] {
  const cells: Cell[] = [];
  confusion.rows().forEach((row, label) => {
    const support = row.reduce((sum, times) => sum + times, 0);
    row.forEach((times, prediction) => {
      if (times > 0) cells.push({ label, prediction, count: times, share: times / support });
    });
  });
  return cells;
}

const everyPair = (n: number): [number, number][] =>
  Array.from({ length: n * n }, (_, i) => [i % n, Math.floor(i / n)]);

const levelOf = (share: number, bounds: readonly number[]) => bounds.filter((bound) => share >= bound).length;

function textColour({ label, prediction, share }: Cell): string {
  const kind = label === prediction ? 'right' : 'wrong';
  return levelOf(share, steps[kind]) >= 3 ? `var(--on-${kind})` : 'currentColor';
}

function legend(): PageElement {
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

function pairTable(classes: readonly string[], pairs: readonly ConfusedPair[]): PageElement {
  const many = classes.length > readable.names;
  const shown = pairs.slice(0, many ? pairsShown.many : pairsShown.few);
  const all = shown.length === pairs.length;
  const title = all ? 'Confused pairs' : `The ${shown.length} most confused of ${count(pairs.length)} pairs`;
  const head = ['label', 'predicted', 'images', 'share'].map((text, i) =>
    element('th', { scope: 'col', ...(i > 1 && { class: 'number' }) }, text),
  );
  const rows = shown.map(({ label, prediction, count: times, share }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, named(classes[label] as string)),
      element('td', {}, named(classes[prediction] as string)),
      element('td', { class: 'number' }, count(times)),
      element('td', { class: 'number bar', style: `--share: ${(share * 100).toFixed(1)}%` }, percent(share)),
    ),
  );
  const table = element(
    'table',
    {},
    element('caption', {}, title, element('span', { class: 'note' }, ' with their share of the label’s images')),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows),
  );
  return scrollBox(title, table, rows.length > 15 ? 'tall' : '');
}
