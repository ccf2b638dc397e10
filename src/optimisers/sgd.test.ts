import { describe, expect, it } from 'vitest';
import { evaluator } from '../engines/evaluator/engine.ts';
import { defineProgram, Graph } from '../ir/index.ts';
import { constant } from '../nn/index.ts';
import { tensor } from '../tensor/index.ts';
import { sgd } from './sgd.ts';

/** Steps with lr 0.1 from `start` under the same gradient each time: the parameter and its momentum after each. */
async function descend(
  options: Parameters<typeof sgd>[0],
  start: number[],
  gradient: number[],
  { steps = 2, shape = [1, 2] } = {},
) {
  const graph = new Graph({ training: true });
  const weight = graph.entry('weight', shape, 'parameter', constant(0));
  const [dw, lr] = [graph.input('dw', { dtype: 'float32', shape }), graph.input('lr', { dtype: 'float32', shape: [] })];
  sgd(options).update([{ name: 'weight', value: weight, gradient: dw }], lr);
  const step = defineProgram({ name: 'step', graph, outputs: new Map(), updates: graph.updates });
  const executable = await evaluator.compile({ step });
  const fill = (size: readonly number[], numbers: number[]) => tensor('float32', size, Float32Array.from(numbers));
  const momentum = graph.state.has('momentum.weight') ? [['momentum.weight', fill(shape, [0, 0])] as const] : [];
  await executable.load(new Map([['weight', fill(shape, start)], ...momentum]));
  const inputs = new Map([
    ['dw', fill(shape, gradient)],
    ['lr', fill([], [0.1])],
  ]);
  const after: number[][] = [];
  for (let i = 0; i < steps; i++) {
    await executable.run('step', inputs);
    after.push(Array.from((await executable.read(['weight'])).get('weight')!.data as Float32Array));
  }
  return { after, state: graph.state };
}

describe('sgd', () => {
  // torch.optim.SGD([w], lr=0.1, momentum=0.9, weight_decay=0.01), worked by hand:
  // g = [0.51, 0.98], v = g; then g = [0.50949, 0.97902], v = 0.9 v + g = [0.96849, 1.86102]
  it('takes the steps that PyTorch takes', async () => {
    const { after, state } = await descend({ weightDecay: 0.01 }, [1, -2], [0.5, 1]);
    expect(after[0]).toBeClose([0.949, -2.098], { relative: 1e-6 });
    expect(after[1]).toBeClose([0.852151, -2.284102], { relative: 1e-6 });
    expect(state.get('momentum.weight')?.source).toMatchObject({ role: 'optimiser' });
  });

  // the same with nesterov=True: the step is g + 0.9 v, [0.969, 1.862] and then [1.3802589, 2.6522622]
  it('looks ahead with Nesterov as PyTorch does', async () => {
    const { after } = await descend({ weightDecay: 0.01, nesterov: true }, [1, -2], [0.5, 1]);
    expect(after[0]).toBeClose([0.9031, -2.1862], { relative: 1e-6 });
    expect(after[1]).toBeClose([0.76507411, -2.45142622], { relative: 1e-6 });
  });

  it('is plain gradient descent, without a state of its own, at momentum 0', async () => {
    const { after, state } = await descend({ momentum: 0, weightDecay: 0 }, [1, -2], [0.5, 1]);
    expect(after[1]).toBeClose([0.9, -2.2], { relative: 1e-6 });
    expect([...state.keys()]).toEqual(['weight']);
  });

  it('can spare biases and batch norms from decay', async () => {
    const options = { weightDecay: 0.5, decay: 'weights' } as const;
    const matrix = await descend(options, [1, 1], [0, 0], { steps: 1, shape: [1, 2] });
    const vector = await descend(options, [1, 1], [0, 0], { steps: 1, shape: [2] });
    expect(matrix.after[0]).toBeClose([0.95, 0.95], { relative: 1e-6 });
    expect(vector.after[0]).toEqual([1, 1]);
  });

  it('tells what it was made with', () => {
    const options = { momentum: 0.9, nesterov: true, weightDecay: 1e-4, decay: 'all' };
    expect(sgd({ nesterov: true })).toMatchObject({ name: 'sgd', options });
  });

  it('refuses what makes no sense', () => {
    expect(() => sgd({ momentum: 1 })).toThrow('sgd: `momentum` must be a number of at least 0 and below 1, but is 1');
    expect(() => sgd({ weightDecay: -1 })).toThrow('sgd: `weightDecay` must be a number of at least 0, but is -1');
    expect(() => sgd({ momentum: 0, nesterov: true })).toThrow('sgd: `nesterov` needs a `momentum` above 0');
  });
});
