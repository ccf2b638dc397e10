import { expect, test } from 'vitest';
import { Random } from '../tensor/index.ts';
import { dirichlet, gamma, symmetricBeta } from './distributions.ts';

const draws = 20_000;

function momentsOf(draw: (random: Random) => number) {
  const random = new Random(11);
  const values = Array.from({ length: draws }, () => draw(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws };
}

test.each([0.2, 0.7, 1, 3.5])('gamma(%d) has its mean and variance, which are both its shape', (shape) => {
  const { mean, variance } = momentsOf((random) => gamma(shape, random));
  expect(Math.abs(mean - shape)).toBeLessThan(5 * Math.sqrt(shape / draws));
  // the fourth central moment is 3 shape² + 6 shape
  expect(Math.abs(variance - shape)).toBeLessThan(5 * Math.sqrt((2 * shape ** 2 + 6 * shape) / draws));
});

test.each([0.2, 1, 4])('Beta(%d, same) is even about a half, with its variance', (alpha) => {
  const { mean, variance } = momentsOf((random) => symmetricBeta(alpha, random));
  const expected = 1 / (4 * (2 * alpha + 1));
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(expected / draws));
  expect(Math.abs(variance / expected - 1)).toBeLessThan(0.05);
});

test('shares add up to 1, also of so small an alpha that none can be told from 0', () => {
  const random = new Random(1);
  for (let i = 0; i < 200; i++)
    for (const alphas of [
      [1, 1, 1],
      [1e-4, 1e-4],
    ])
      expect(dirichlet(alphas, random).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
});
