/** The words follow from the numbers. */
import { expect, it } from 'vitest';
import { shatteringFindings } from './shattering-findings.ts';
import { halfAt, isLess } from './shattering-readings.ts';
import type { ShatteringResult, TowerLine } from './shattering-result.ts';

const line = (variant: string, neighbour: number | null, all: number | null): TowerLine => ({
  variant,
  depth: 10,
  correlation: all,
  autocorrelation: [1, neighbour],
  spectrum: [],
  example: [],
});

const english = (towers: readonly TowerLine[], networks: ShatteringResult['networks'] = []): string =>
  shatteringFindings({ towers, noises: [], networks })
    .map(({ says }) => (typeof says === 'string' ? says : says.en))
    .join('\n');

it.each([
  [0.1, 0.9, 'It falls faster without shortcuts, as the paper says.'],
  [0.9, 0.1, 'Here it does not fall faster without shortcuts, against the paper.'],
  [0.5, 0.52, 'cannot be told apart'],
  [null, 0.5, 'cannot be told apart'],
])('neighbours at %s in plain towers and at %s in residual ones', (plain, residual, words) => {
  const text = english([line('plain-norm', plain, 0), line('residual-norm', residual, 0.3)]);
  expect(text).toContain(words);
});

it('correlations stand beside the rules', () => {
  const text = english([line('plain-norm', 0, 0.001), line('residual-norm', 1, 0.1)]);
  // 1/2^10 and 1/√10
  expect(text).toContain('9.77e-4 at depth 10; as far as can be told, so it is: 0.001.');
  expect(text).toContain('0.316 at depth 10; here it is less, 0.1.');
  expect(english([line('plain-norm', 0, 0.4), line('residual-norm', 1, 0.1)])).toContain('here it is more, 0.4.');
  // at depth 10 nothing contradicts 1/2^L any more, at depth 2 it does
  const low = { ...line('plain-norm', 0.9, 0.6), depth: 2 };
  expect(english([low, line('plain-norm', 0, 0.001), line('residual-norm', 1, 0.1)])).toContain(
    '0.25 at depth 2; here it is more, 0.6.',
  );
});

it('of networks the deepest plain one and its residual twin are compared', () => {
  const networks = (
    [
      ['plain20', 0.9],
      ['plain56', 0.1],
      ['resnet20', 0],
      ['resnet56', 0.5],
    ] as const
  ).map(([network, correlation]) => ({ network, correlation, autocorrelation: [1] }));
  expect(english([], networks)).toContain('plain56 is the more shattered, as the paper says');
});

it('readings know their limits', () => {
  expect(isLess(0.1, 0.2)).toBe(true);
  expect(isLess(0.1, 0.11)).toBeUndefined();
  expect(isLess(null, 0.2)).toBeUndefined();
  expect(halfAt([1, 0.7, 0.4, 0.6])).toBe(2);
  expect(halfAt([1, 0.7])).toBeNull();
});
