import { expect, test } from 'vitest';
import { landscapeNumbers, sharesDiffer } from './landscape-numbers.ts';
import { places } from './loss-surface.ts';

const around = (loss: (x: number, y: number) => number, count = 9) => ({
  classes: 10,
  places: places(count),
  plane: places(count).map((y) => places(count).map((x) => loss(x, y))),
  near: [
    [loss(-0.1, 0), loss(0.1, 0)],
    [loss(0, -0.1), loss(0, 0.1)],
  ] as const,
  step: 0.1,
});

test('a quadratic bowl has its curvatures, its level and its share', () => {
  const bowl = landscapeNumbers(around((x, y) => 0.5 + 4 * x * x + y * y));
  expect(bowl.centre).toBe(0.5);
  expect(bowl.curvatures[0]).toBeCloseTo(8);
  expect(bowl.curvatures[1]).toBeCloseTo(2);
  expect(bowl.convexity.share).toBe(0);
  // 4x² + y² < ln 10 − 0.5 holds for |x| ≤ 0.25 everywhere, for |x| = 0.5 up to |y| = 0.75: 3 · 9 + 2 · 7 of 81
  expect(bowl.better).toBeCloseTo(41 / 81);
  expect(bowl.way).toBeUndefined();
});

test('the way counts what goes up, and how high', () => {
  const way = [
    [0, 2.3],
    [0.5, 4],
    [1, 0.2],
  ] as const;
  expect(landscapeNumbers({ ...around(() => 1), way }).way).toEqual({
    ...{ start: 2.3, highest: 4, rises: 1, steps: 2 },
    infinite: 0,
  });
});

test('a point of the way that is not finite is told', () => {
  const way = [
    [0, 2.3],
    [0.5, null],
    [1, 0.2],
  ] as const;
  expect(landscapeNumbers({ ...around(() => 1), way }).way).toMatchObject({ infinite: 1, rises: 1 });
});

test('shares differ beyond twice their standard error', () => {
  expect(sharesDiffer({ share: 0.5, points: 81 }, { share: 0.6, points: 81 })).toBe(false);
  expect(sharesDiffer({ share: 0.5, points: 81 }, { share: 0.7, points: 81 })).toBe(true);
  expect(sharesDiffer({ share: 0.5, points: 529 }, { share: 0.6, points: 529 })).toBe(true);
});
