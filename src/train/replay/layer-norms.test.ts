import { expect, test } from 'vitest';
import { type Tensor, tensor } from '../../tensor/index.ts';
import { layerNorms, parameterNorms, together } from './layer-norms.ts';

const state = (weight: readonly number[], bias: readonly number[]) =>
  new Map<string, Tensor>([
    ['stem.conv.weight', tensor('float32', [weight.length], Float32Array.from(weight))],
    ['stem.conv.bias', tensor('float32', [bias.length], Float32Array.from(bias))],
  ]);
const names = ['stem.conv.weight', 'stem.conv.bias'];

const norms = parameterNorms(names, state([3, 4], [12]), state([3, 5], [10]), [25, 144]);

test('norms are Euclidean, of the weights before the step and of what it added', () => {
  expect(norms).toEqual([
    { path: 'stem.conv.weight', size: 2, weights: 5, gradient: 5, update: 1 },
    { path: 'stem.conv.bias', size: 1, weights: 12, gradient: 12, update: 2 },
  ]);
});

test('a layer is all parameters under its path', () => {
  expect(layerNorms(norms)).toEqual([{ path: 'stem.conv', size: 3, weights: 13, gradient: 13, update: Math.sqrt(5) }]);
  expect(together(norms)).toEqual({ size: 3, weights: 13, gradient: 13, update: Math.sqrt(5) });
});
