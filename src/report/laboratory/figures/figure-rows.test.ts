import { expect, it } from 'vitest';
import { type Figure, figureRows } from './index.ts';

const words = (text: string) => ({ en: text, zh: text });
const axes = { x: { label: words('step') }, y: { label: words('accuracy') } };

it('has the band of each point, where a line has one', () => {
  const figure: Figure = {
    kind: 'lines',
    id: 'curves',
    title: words('Curves'),
    ...axes,
    series: [
      {
        name: 'several seeds',
        points: [
          [1, 0.5],
          [2, null],
        ],
        band: [
          [0.4, 0.6],
          [0.5, 0.7],
        ],
      },
      { name: 'one seed', points: [[1, 0.3]] },
    ],
  };
  expect(figureRows(figure)).toEqual([
    ['series', 'step', 'accuracy', 'low', 'high'],
    ['several seeds', 1, 0.5, 0.4, 0.6],
    ['several seeds', 2, null, 0.5, 0.7],
    ['one seed', 1, 0.3, null, null],
  ]);
  const plain = { ...figure, series: figure.series.map(({ name, points }) => ({ name, points })) };
  expect(figureRows(plain)[0]).toEqual(['series', 'step', 'accuracy']);
});

it('has nothing where a number is not finite', () => {
  const series = [{ name: 'one', points: [[1, Number.NaN] as const, [2, Number.POSITIVE_INFINITY] as const] }];
  expect(figureRows({ kind: 'lines', id: 'curves', title: words('Curves'), ...axes, series })).toEqual([
    ['series', 'step', 'accuracy'],
    ['one', 1, null],
    ['one', 2, null],
  ]);
});
