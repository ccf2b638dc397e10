import { expect, it } from 'vitest';
import { evaluator } from '../engines/index.ts';
import { defineProgram, Graph } from '../ir/index.ts';
import { type Tensor, tensor } from '../tensor/index.ts';
import { adaptiveAveragePool } from './index.ts';

async function pooled(numbers: readonly number[], [height, width]: [number, number], extent: [number, number]) {
  const graph = new Graph({ training: false });
  const x = graph.input('x', { dtype: 'float32', shape: [1, 1, height, width] });
  const y = adaptiveAveragePool(x, extent);
  const program = defineProgram({ name: 'pool', graph, outputs: new Map([['y', y]]), updates: new Map() });
  const executable = await evaluator.compile({ program });
  const content = tensor('float32', [1, 1, height, width], Float32Array.from(numbers));
  const result = (await executable.run('program', new Map([['x', content]]))).get('y') as Tensor;
  expect(result.shape).toEqual([1, 1, ...extent]);
  return [...(result.data as Float32Array)];
}

it('averages over equal windows where the map divides', async () => {
  expect(await pooled([1, 2, 3, 4, 5, 6, 7, 8], [2, 4], [1, 2])).toEqual([3.5, 5.5]);
});

it('lets the pieces overlap where it does not, as PyTorch cuts them', async () => {
  // torch.nn.AdaptiveAvgPool2d((2, 3)) of 0…19 as [4, 5]
  expect(
    await pooled(
      Array.from({ length: 20 }, (_, i) => i),
      [4, 5],
      [2, 3],
    ),
  ).toEqual([3, 4.5, 6, 13, 14.5, 16]);
});

it('repeats the pixels of a smaller map', async () => {
  expect(await pooled([1, 2], [1, 2], [2, 4])).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
});

it('is the map itself where the size is right', () => {
  const x = new Graph({ training: false }).input('x', { dtype: 'float32', shape: [2, 3, 7, 7] });
  expect(adaptiveAveragePool(x, 7)).toBe(x);
});

it('names what is wrong', () => {
  const x = new Graph({ training: false }).input('x', { dtype: 'float32', shape: [2, 3] });
  expect(() => adaptiveAveragePool(x, 7)).toThrow('expected `x` to be [N, C, H, W], but it is [2, 3]');
  expect(() => adaptiveAveragePool(x, 0)).toThrow('`extent` must be a whole number of at least 1');
});
