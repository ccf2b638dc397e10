import { describe, expect, it } from 'vitest';
import { evaluator } from '../../engines/index.ts';
import { defineProgram, Graph } from '../../ir/index.ts';
import { type Tensor, tensor } from '../../tensor/index.ts';
import { distillationLoss } from './distillation-loss.ts';

/** One image of two classes with label 0. */
async function lossOf(logits: [number, number], teacher: [number, number], temperature: number, share: number) {
  const graph = new Graph({ training: true });
  const z = graph.input('z', { dtype: 'float32', shape: [1, 2] });
  const targets = graph.input('labels', { dtype: 'int32', shape: [1] });
  const weights = graph.input('weights', { dtype: 'float32', shape: [1] });
  const loss = distillationLoss({ temperature, share }).loss({ logits: z, targets, weights });
  const program = defineProgram({ name: 'loss', graph, outputs: new Map([['loss', loss]]), updates: new Map() });
  const executable = await evaluator.compile({ loss: program });
  await executable.load(new Map());
  const outputs = await executable.run(
    'loss',
    new Map<string, Tensor>([
      ['z', tensor('float32', [1, 2], Float32Array.from(logits))],
      ['teacher', tensor('float32', [1, 2], Float32Array.from(teacher))],
      ['labels', tensor('int32', [1], Int32Array.of(0))],
      ['weights', tensor('float32', [1], Float32Array.of(1))],
    ]),
  );
  return (outputs.get('loss') as Tensor<'float32'>).data[0] as number;
}

describe('distillationLoss', () => {
  it('is the cross entropy of the label where the teacher has no share', async () => {
    // softmax(ln 3, 0) = (3/4, 1/4)
    expect(await lossOf([Math.log(3), 0], [0, 9], 2, 0)).toBeCloseTo(Math.log(4 / 3), 5);
  });

  it('is T² times the cross entropy of the softened answers where it has all of it', async () => {
    // at T = 2 the teacher’s 2 ln 4 becomes (4/5, 1/5), the student’s 2 ln 3 becomes (3/4, 1/4)
    const expected = 4 * (-0.8 * Math.log(0.75) - 0.2 * Math.log(0.25));
    expect(await lossOf([2 * Math.log(3), 0], [2 * Math.log(4), 0], 2, 1)).toBeCloseTo(expected, 5);
  });

  it('mixes both by the share', async () => {
    const [own, taught, mixed] = await Promise.all([0, 1, 0.25].map((share) => lossOf([1, -1], [0.5, 2], 3, share)));
    expect(mixed).toBeCloseTo(0.75 * (own as number) + 0.25 * (taught as number), 5);
  });
});
