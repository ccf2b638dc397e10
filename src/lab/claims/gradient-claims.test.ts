/** The verdicts of the claims about gradients follow from the numbers. */
import { expect, it } from 'vitest';
import type { GradientResult } from '../arithmetic/gradient-result.ts';
import type { ShatteringResult } from '../arithmetic/shattering-result.ts';
import { stableGradients } from './stable-gradients.ts';
import { vanishingGradients } from './vanishing-gradients.ts';

const vanishing = [0.01, 0.1, 1];
const level = [1, 1, 1];
const growing = [4, 2, 1];

const gradientsOf = (towers: Record<string, number[]>, networks: Record<string, number[][]>): GradientResult => ({
  towers: Object.entries(towers).map(([variant, norms]) => ({ variant, depth: 3, norms })),
  networks: Object.entries(networks).map(([network, steps]) => ({
    network,
    layers: ['a', 'b'],
    steps: steps.map((norms) => ({ loss: 1, norms })),
  })),
});

const shattered = (plain: number, residual: number): ShatteringResult => ({
  towers: [
    { variant: 'plain-norm', at: plain },
    { variant: 'residual-norm', at: residual },
  ].map(({ variant, at }) => ({
    variant,
    depth: 50,
    correlation: at,
    autocorrelation: [1, at],
    spectrum: [],
    example: [],
  })),
  noises: [],
  networks: [],
});

it.each([
  ['holds', vanishing, growing, [500, 1]],
  ['in part', vanishing, level, [1, 1]],
  ['does not hold', level, level, [1, 1]],
] as const)('vanishing gradients: %s', (verdict, small, he, plain) => {
  const result = gradientsOf({ 'plain-small': [...small], plain: [...he] }, { plain56: [[...plain]] });
  const answer = vanishingGradients.answer([result]);
  expect(answer.verdict).toBe(verdict);
  expect(answer.numbers.map(({ value }) => value)).toContain((small[0] as number) / (small[2] as number));
});

it('vanishing gradients: open where nothing was measured', () => {
  expect(vanishingGradients.answer([gradientsOf({}, {})]).verdict).toBe('open');
});

const steady = [
  [1, 1],
  [2, 1],
];
const moving = [
  [1, 1],
  [90, 1],
];

it.each([
  ['holds', level, moving, steady, 0, 0.8],
  ['in part', growing, moving, steady, 0, 0.8],
  ['does not hold', growing, steady, moving, 0.8, 0],
] as const)('stable gradients: %s', (verdict, unscaled, plain, residual, plainCorrelation, residualCorrelation) => {
  const norms = gradientsOf({ residual: [...unscaled] }, { plain56: plain, resnet56: residual });
  const answer = stableGradients.answer([norms, shattered(plainCorrelation, residualCorrelation)]);
  expect(answer.verdict).toBe(verdict);
  expect(answer.figure?.id).toBe('first-layer-in-training');
});

it('stable gradients: open where nothing was measured', () => {
  const none: ShatteringResult = { towers: [], noises: [], networks: [] };
  expect(stableGradients.answer([gradientsOf({}, {}), none]).verdict).toBe('open');
});
