import * as Plot from '@observablehq/plot';
import { chart, grid, shareTick } from '../page/chart.ts';
import { element, type PageElement } from '../page/element.ts';
import { key, legend } from '../page/legend.ts';
import { count, percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { augmentationText } from './augmentation-text.ts';
import type { ReportData, ReportEpoch } from './report-data.ts';

type Measure = 'loss' | 'top1';

/** Loss and accuracy on training and validation images, epoch by epoch, and the learning rate below. */
export const learningCurves = defineSection<ReportData>({
  id: 'curves',
  heading: 'Learning curves',
  draw: ({ history, weights, facts }) => {
    const best = history.find(({ epoch }) => epoch === weights.epoch) ?? history.at(-1);
    if (!best) return [];
    const marked = weights.isBest ? `best epoch (${best.epoch})` : `last epoch (${best.epoch})`;
    return [
      legend(key('train', 'training'), key('validation', 'validation'), key('best', marked)),
      element(
        'div',
        { class: 'pair' },
        curves('Loss', 'loss', history, best, (value) => value.toFixed(3)),
        curves('Accuracy', 'top1', history, best, (value) => percent(value)),
        learningRate(history),
        element(
          'p',
          { class: 'note' },
          `Training values are means over an epoch, taken ${augmentationText(facts) === undefined ? '' : 'on augmented images '}` +
            'while the weights change; validation values are taken at its end. The best epoch is the one with the highest validation accuracy.',
        ),
      ),
    ];
  },
});

function curves(
  caption: string,
  measure: Measure,
  history: readonly ReportEpoch[],
  best: ReportEpoch,
  text: (value: number) => string,
): PageElement {
  const line = (split: 'train' | 'validation', color: string) => {
    const channels = { x: 'epoch', y: (d: ReportEpoch) => d[split][measure], stroke: color };
    const title = (d: ReportEpoch) =>
      `epoch ${d.epoch}, ${split === 'train' ? 'training' : split}: ${text(d[split][measure])}`;
    return [
      Plot.line(history, { ...channels, strokeWidth: 2, ...(split === 'train' && { strokeDasharray: '5 3' }) }),
      Plot.dot(history, { ...channels, fill: color, r: history.length > 40 ? 1 : 2.5, title }),
    ];
  };
  const at = best.validation[measure];
  const label =
    `${caption} by epoch over ${history.length} epochs; at epoch ${best.epoch} it is ${text(best.train[measure])} on the ` +
    `training images and ${text(at)} on the validation images.`;
  return chart(caption, label, {
    x: epochAxis(history),
    y: {
      label: null,
      ...(measure === 'loss' ? { zero: true } : { tickFormat: shareTick }),
      nice: true,
      ticks: 5,
    },
    marks: [
      Plot.gridY({ ...grid, ticks: 5 }),
      Plot.ruleX([best.epoch], { stroke: 'var(--muted)', strokeDasharray: '2 3' }),
      ...line('train', 'var(--train)'),
      ...line('validation', 'var(--validation)'),
      Plot.dot([best], { x: 'epoch', y: at, r: 6, stroke: 'var(--validation)', fill: 'var(--page)', strokeWidth: 2.5 }),
      Plot.text([best], {
        x: 'epoch',
        y: at,
        text: () => text(at),
        dy: measure === 'loss' ? -15 : 17,
        textAnchor: best.epoch > (history.at(-1)?.epoch ?? 1) / 2 ? 'end' : 'start',
        fontWeight: 600,
        fill: 'currentColor',
        stroke: 'var(--page)',
        strokeWidth: 4,
      }),
    ],
  });
}

function learningRate(history: readonly ReportEpoch[]): PageElement {
  const [first, last] = [history[0]?.lr ?? 0, history.at(-1)?.lr ?? 0];
  const rate = (d: number) => String(Number(d.toPrecision(2)));
  return chart('Learning rate, at the end of each epoch', `Learning rate, from ${rate(first)} to ${rate(last)}.`, {
    height: 110,
    marginTop: 10,
    marginBottom: 24,
    x: { ...epochAxis(history), label: null },
    y: { label: null, zero: true, nice: true, ticks: 2 },
    marks: [
      Plot.gridY({ ...grid, ticks: 2 }),
      Plot.line(history, { x: 'epoch', y: 'lr', stroke: 'currentColor', strokeWidth: 1.5 }),
      Plot.dot(history, {
        x: 'epoch',
        y: 'lr',
        fill: 'currentColor',
        r: history.length > 40 ? 1 : 2,
        title: (d: ReportEpoch) => `epoch ${d.epoch}: ${d.lr.toPrecision(3)}`,
      }),
    ],
  });
}

/** Whole epochs only, also where there are one or two. */
function epochAxis(history: readonly ReportEpoch[]): Plot.ScaleOptions {
  const last = history.at(-1)?.epoch ?? 1;
  const stride = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => last / step <= 10) ?? Math.ceil(last / 10);
  const ticks = Array.from({ length: Math.floor(last / stride) }, (_, i) => (i + 1) * stride);
  return {
    label: 'epoch',
    labelArrow: 'none',
    domain: last === 1 ? [0, 2] : [1, last],
    ticks: stride === 1 ? ticks : [1, ...ticks],
    tickFormat: (d: number) => count(d),
  } as Plot.ScaleOptions;
}
