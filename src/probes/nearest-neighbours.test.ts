import { expect, it } from 'vitest';
import { ConfigError, Random, ShapeError } from '../tensor/index.ts';
import { nearestNeighbours, votedLabels } from './nearest-neighbours.ts';

const random = new Random('neighbours');
const rows = (count: number, width: number) => Float32Array.from({ length: count * width }, () => random.normal());

/** Every pair, sorted whole. */
function bruteForce(features: Float32Array, width: number, k: number, queries?: Float32Array) {
  const row = (of: Float32Array, i: number) => [...of.slice(i * width, (i + 1) * width)];
  const length = (x: number[]) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  const cosine = (x: number[], y: number[]) =>
    x.reduce((sum, value, i) => sum + value * (y[i] as number), 0) / (length(x) * length(y));
  const asked = queries ?? features;
  return Array.from({ length: asked.length / width }, (_, query) =>
    Array.from({ length: features.length / width }, (_, i) => ({
      i,
      distance: 1 - cosine(row(asked, query), row(features, i)),
    }))
      .filter(({ i }) => queries || i !== query)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, k),
  );
}

it.each([
  { count: 3, width: 1, k: 1 },
  { count: 64, width: 7, k: 5 },
  { count: 131, width: 17, k: 10 },
])('finds what comparing every pair finds ($count rows of $width)', ({ count, width, k }) => {
  const features = width === 1 ? Float32Array.of(1, 2, -3) : rows(count, width);
  for (const queries of width === 1 ? [] : [undefined, rows(70, width)]) {
    const { indices, distances } = nearestNeighbours({ features, width, k, ...(queries && { queries }) });
    const expected = bruteForce(features, width, k, queries).flat();
    expect([...indices]).toEqual(expected.map(({ i }) => i));
    expect(distances).toBeClose(
      Float64Array.from(expected, ({ distance }) => distance),
      { absolute: 1e-12 },
    );
  }
});

it('of equally near rows the first comes first, and a row of zeros is at a right angle to all', () => {
  const features = Float32Array.of(1, 0, 0, 0, 2, 0, 4, 0, -1, 0);
  const { indices, distances } = nearestNeighbours({ features, width: 2, k: 5, queries: Float32Array.of(3, 0) });
  expect([...indices]).toEqual([0, 2, 3, 1, 4]);
  expect([...distances]).toEqual([0, 0, 0, 1, 2]);
});

it('compares numbers whose squares are beyond float64', () => {
  const features = Float64Array.of(1e200, 0, 0, 1e-200, 1e200, 1e200);
  const { indices, distances } = nearestNeighbours({ features, width: 2, k: 2 });
  expect([...indices.slice(0, 2)]).toEqual([2, 1]);
  expect(distances[0]).toBeCloseTo(1 - Math.SQRT1_2, 12);
});

it('gives fewer neighbours where there are not so many rows', () => {
  const features = rows(3, 4);
  expect(nearestNeighbours({ features, width: 4, k: 9 }).k).toBe(2);
  expect(nearestNeighbours({ features, width: 4, k: 9, queries: rows(2, 4) }).indices).toHaveLength(6);
  expect(nearestNeighbours({ features: rows(1, 4), width: 4, k: 9 }).k).toBe(0);
});

it('lets the neighbours vote, and of as many votes the nearer class wins', () => {
  const of = (...indices: number[]) => ({ k: 4, indices: Uint32Array.from(indices), distances: new Float64Array(4) });
  const labels = [0, 1, 2, 1, 2, 2];
  expect([...votedLabels(of(1, 2, 3, 4), labels, 3)]).toEqual([1]);
  expect([...votedLabels(of(2, 1, 3, 4), labels, 3)]).toEqual([2]);
  expect([...votedLabels(of(0, 2, 5, 1), labels, 3)]).toEqual([2]);
  expect(() => votedLabels(of(0, 1, 2, 3), labels, 2)).toThrow('expected labels from 0 to 1');
});

it('refuses what makes no whole rows, and neighbours that are no number', () => {
  expect(() => nearestNeighbours({ features: rows(1, 5), width: 2, k: 1 })).toThrow(ShapeError);
  expect(() => nearestNeighbours({ features: rows(1, 4), width: 2, k: 0 })).toThrow(ConfigError);
});
