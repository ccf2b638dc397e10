import { expect, it } from 'vitest';
import { smallCheckpoint } from '../../tests/small-checkpoint.ts';
import { wholeProgramOf } from '../trained/index.ts';
import { cascade, likeness } from './randomisation.ts';

const checkpoint = smallCheckpoint();
const program = wholeProgramOf('small', checkpoint, 1);
const trained = new Map([...program.graph.state.keys()].map((name) => [name, checkpoint.tensors.get(name) as never]));
const stages = (seed: number) => [...cascade(program, trained, seed)];
const numbers = (of: ReturnType<typeof stages>[number] | undefined, name: string) => [
  ...((of?.state.get(name)?.data ?? []) as Float32Array),
];

it('takes the weights from the head downwards, and keeps what is below', () => {
  const [head, second, first, ...more] = stages(0);
  expect(more).toEqual([]);
  expect([head, second, first].map((stage) => stage?.path)).toEqual(['classifier', 'stage2', 'stage1']);
  for (const [name, content] of trained) {
    const kept = [head, second, first].map((stage) => stage?.state.get(name) === content);
    const at = ['classifier', 'stage2', 'stage1'].findIndex((path) => name.startsWith(path));
    expect([name, ...kept]).toEqual([name, ...[0, 1, 2].map((stage) => stage < at)]);
  }
});

it('begins anew: kernels of a variance of 2 / fan in, batch norms as before training', () => {
  const last = stages(0).at(-1);
  const kernel = numbers(last, 'stage2.conv1.weight');
  const variance = kernel.reduce((sum, value) => sum + value ** 2, 0) / kernel.length;
  // fan in 6 · 9, 432 numbers
  expect(variance).toBeClose(2 / 54, { relative: 0.2 });
  for (const [entry, start] of Object.entries({ weight: 1, bias: 0, running_mean: 0, running_var: 1 })) {
    const name = [...trained.keys()].find((own) => own.startsWith('stage2.bn1') && own.endsWith(entry));
    if (name !== undefined) expect(numbers(last, name)).toEqual(Array(8).fill(start));
  }
  expect([...trained.keys()].filter((name) => name.startsWith('stage2'))).toHaveLength(5);
});

it('is the same for the same seed, and another for another', () => {
  const kernel = (seed: number) => numbers(stages(seed).at(-1), 'stage1.conv1.weight');
  expect(kernel(5)).toEqual(kernel(5));
  expect(kernel(5)).not.toEqual(kernel(6));
});

it('has no likeness where a map is flat or not finite', () => {
  expect(likeness(Float32Array.of(1, 2, 3), Float32Array.of(2, 4, 9))).toBe(1);
  expect(likeness(Float32Array.of(1, 2, 3), Float32Array.of(0, 0, 0))).toBeUndefined();
  expect(likeness(Float32Array.of(1, 2, 3), Float32Array.of(0, Number.NaN, 1))).toBeUndefined();
});
