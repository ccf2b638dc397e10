/** Which differences are more than chance: in words, and as intervals. */

import * as Plot from '@observablehq/plot';
import { chart } from '../page/chart.ts';
import { element, type PageElement } from '../page/element.ts';
import { findingList } from '../page/findings.ts';
import { defineSection } from '../page/section.ts';
import { chartName } from './chart-name.ts';
import type { ComparisonData, ShownDifference } from './comparison-data.ts';

export const differencesSection = defineSection<ComparisonData>({
  id: 'differences',
  heading: 'Which differences are real',
  isShown: ({ differences }) => differences.length > 0,
  draw: ({ differences, notes }) => {
    const ordered = [...differences].sort((a, b) => Number(b.isReal) - Number(a.isReal));
    return [
      findingList(
        ordered.map(({ isReal, interval, words }) => ({
          about: isReal ? 'real' : interval ? 'not shown' : 'unknown',
          says: [words],
        })),
      ),
      element(
        'div',
        { class: 'pair' },
        ...(differences.some(({ interval }) => interval) ? [intervals(differences)] : []),
        element('div', {}, ...notes.map((text) => element('p', { class: 'note', style: 'margin-bottom: 12px' }, text))),
      ),
    ];
  },
});

const rowHeight = 40;

/** Each pair's difference with its interval, the more accurate network first. */
function intervals(differences: readonly ShownDifference[]): PageElement {
  const rows = differences.flatMap(({ a, b, mean, interval, isReal }) => {
    if (!interval) return [];
    const isTurned = mean < 0;
    const [low, high] = isTurned ? [-interval.high, -interval.low] : [interval.low, interval.high];
    const name = isTurned ? `${b} – ${a}` : `${a} – ${b}`;
    const short = isTurned ? `${chartName(b)} – ${chartName(a)}` : `${chartName(a)} – ${chartName(b)}`;
    return [{ name, short, mean: 100 * Math.abs(mean), low: 100 * low, high: 100 * high, isReal }];
  });
  rows.sort((a, b) => b.mean - a.mean);
  const colour = ({ isReal }: { readonly isReal: boolean }) => (isReal ? 'var(--train)' : 'var(--muted)');
  const label = rows
    .map(({ name, mean, low, high }) => `${name}: ${mean.toFixed(1)}, from ${low.toFixed(1)} to ${high.toFixed(1)}`)
    .join('; ');
  return chart('Differences in points of accuracy, with 95 % intervals', `${label}.`, {
    height: rows.length * rowHeight + 32,
    marginLeft: 12,
    marginTop: 4,
    marginBottom: 28,
    x: { label: null, nice: true, ticks: 6 },
    y: { type: 'band', domain: rows.map(({ name }) => name), axis: null },
    marks: [
      Plot.gridX({ stroke: 'var(--rule)', strokeOpacity: 1, ticks: 6 }),
      Plot.ruleX([0], { stroke: 'var(--ink)', strokeWidth: 1 }),
      Plot.ruleY(rows, { y: 'name', x1: 'low', x2: 'high', stroke: colour, strokeWidth: 3, dy: 7 }),
      Plot.dot(rows, { x: 'mean', y: 'name', fill: colour, r: 5, dy: 7, stroke: 'var(--page)', strokeWidth: 1.5 }),
      ...[true, false].map((real) =>
        Plot.text(
          rows.filter(({ isReal }) => isReal === real),
          {
            y: 'name',
            text: ({ short, mean }: (typeof rows)[number]) => `${short}   ${mean.toFixed(1)}`,
            frameAnchor: 'left',
            textAnchor: 'start',
            dx: 2,
            dy: -9,
            fill: 'currentColor',
            stroke: 'var(--page)',
            strokeWidth: 4,
            fontWeight: real ? 600 : 400,
          },
        ),
      ),
    ],
  });
}
