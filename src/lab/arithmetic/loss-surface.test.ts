import { expect, test } from 'vitest';
import { convexity, eigenvalues, places, secondDifference, shareBelow } from './loss-surface.ts';

const plane = (loss: (x: number, y: number) => number, count: number) =>
  places(count).map((y) => places(count).map((x) => loss(x, y)));

test('places go from −1 to 1 in equal steps', () => {
  expect(places(5)).toEqual([-1, -0.5, 0, 0.5, 1]);
});

test('the second difference of a quadratic is its curvature, whatever the step', () => {
  const loss = (x: number) => 3 * x * x - 2 * x + 1;
  for (const step of [0.1, 0.5]) expect(secondDifference(loss(-step), loss(0), loss(step), step)).toBeCloseTo(6);
});

test('a bowl is convex, a saddle nowhere, and the ratio is that of the eigenvalues', () => {
  expect(
    convexity(
      plane((x, y) => 2 * x * x + y * y + x * y, 7),
      1 / 3,
    ),
  ).toEqual({ points: 25, share: 0, ratio: 0 });
  const saddle = convexity(
    plane((x, y) => 2 * x * x - y * y, 7),
    1 / 3,
  );
  expect(saddle.share).toBe(1);
  expect(saddle.ratio).toBeCloseTo(0.5);
  // the product bends down along one diagonal, which neither axis sees
  expect(
    convexity(
      plane((x, y) => x * y, 5),
      0.5,
    ).share,
  ).toBe(1);
  expect(eigenvalues(2, 1, 2)).toEqual([1, 3]);
});

test('points beside one that is not finite are left out', () => {
  const values: (number | null)[][] = plane((x, y) => x * x + y * y, 5);
  (values[0] as (number | null)[])[0] = null;
  expect(convexity(values, 0.5).points).toBe(8);
});

test('the share below a value counts points, and no point that is not finite', () => {
  expect(
    shareBelow(
      [
        [0.1, 2],
        [null, 0.5],
      ],
      1,
    ),
  ).toBe(0.5);
});
