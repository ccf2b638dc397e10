import * as Plot from '@observablehq/plot';
import { chart, grid } from '../page/chart.ts';
import { element } from '../page/element.ts';
import { key, legend } from '../page/legend.ts';
import { defineSection } from '../page/section.ts';
import type { ExplanationData } from './explanation-data.ts';

/** What becomes of the maps while the network loses its weights. */
export const weightsSection = defineSection<ExplanationData>({
  id: 'weights',
  heading: 'Do the maps depend on what was learned?',
  isShown: ({ methods }) => methods.some(({ checks }) => checks),
  draw: ({ methods }) => {
    const stages = methods.find(({ checks }) => checks)?.checks?.randomised.map(({ path }) => path) ?? [];
    const points = methods.flatMap(({ title, checks }) => [
      { method: title, stage: trained, correlation: 1 },
      ...(checks?.randomised ?? []).flatMap(({ path, correlation }) =>
        correlation === undefined ? [] : [{ method: title, stage: path, correlation }],
      ),
    ]);
    return [
      element(
        'p',
        {},
        'Part by part, from the head downwards, weights were replaced by new ones, as before training, and each map was made again. ' +
          'A map that shows what the network learned becomes another one: its rank correlation with the first falls to about 0. One that ' +
          'stays the same shows the image, whatever the network.',
      ),
      element(
        'div',
        { class: 'likeness' },
        chart('Rank correlation with the map of the trained weights', 'Rank correlations by method and stage', {
          width: 640,
          height: 260,
          marginBottom: 44,
          x: { type: 'point', domain: [trained, ...stages], label: null },
          y: { domain: [Math.min(0, ...points.map(({ correlation }) => correlation)), 1], ticks: 5, label: null },
          color: {
            domain: methods.map(({ title }) => title),
            range: methods.map((_, i) => strokes[i % strokes.length]?.colour as string),
          },
          marks: [
            Plot.gridY({ ...grid, ticks: 5 }),
            Plot.ruleY([0], { stroke: 'var(--muted)' }),
            Plot.line(points, { x: 'stage', y: 'correlation', stroke: 'method', strokeWidth: 2.25 }),
            Plot.dot(points, { x: 'stage', y: 'correlation', fill: 'method', r: 3.5 }),
          ],
        }),
      ),
      legend(...methods.map(({ title }, i) => key(strokes[i % strokes.length]?.kind as string, title))),
    ];
  },
});

const trained = 'trained';
/** As legends and charts call them. */
const strokes = [
  { kind: 'first', colour: 'var(--train)' },
  { kind: 'validation', colour: 'var(--validation)' },
  { kind: 'third', colour: 'var(--third)' },
  { kind: 'fourth', colour: 'var(--fourth)' },
  { kind: 'even', colour: 'var(--muted)' },
];
