import { describe, expect, it, test } from 'vitest';

import { evaluator } from '../engines/index.ts';
import { initialState } from '../ir/index.ts';
import { batchNorm, conv, defineNetwork, dropout, globalAveragePool, linear } from '../nn/index.ts';
import { sgd } from '../optimisers/index.ts';
import type { Batch } from '../pipeline/index.ts';
import { Random, type Tensor } from '../tensor/index.ts';
import { parametersOf, predictionProgram, stepInputs, stepProgram } from './index.ts';

const network = defineNetwork('small', (image, { classes }) => {
  const x = dropout(batchNorm(conv(image, 4, { kernel: 3 })), 0.25);
  return linear(dropout(globalAveragePool(x), 0.5), classes);
});
const sizes = { network, image: { channels: 1, height: 5, width: 5 }, classes: 3, batchSize: 4 };
// without momentum and decay a step moves each parameter by exactly lr · gradient
const step = stepProgram({ ...sizes, optimiser: sgd({ momentum: 0, weightDecay: 0 }) });

function batch(count = 4): Batch {
  const random = new Random('batch');
  return {
    index: 0,
    images: Float32Array.from({ length: 4 * 25 }, () => random.normal()),
    labels: Int32Array.of(0, 1, 2, 1),
    weights: Float32Array.from({ length: 4 }, (_, i) => (i < count ? 1 : 0)),
    count,
    indices: Uint32Array.of(0, 1, 2, 3),
  };
}

const lr = 0.5;
const numbersOf = (found: Tensor | undefined) => found?.data as Float32Array;

async function run(inputs: ReadonlyMap<string, Tensor>) {
  const executable = await evaluator.compile({ step });
  const before = initialState(step.graph, 1);
  await executable.load(before);
  const outputs = await executable.run('step', inputs);
  return { before, outputs, after: await executable.read() };
}

describe('a training step', () => {
  it('gives the squared norm of each parameter’s gradient, in the order of the parameters', async () => {
    const { before, outputs, after } = await run(stepInputs(step, batch(), lr, 0, 0));
    const norms = parametersOf(step).map(([name]) => {
      const [old, now] = [before, after].map((state) => numbersOf(state.get(name))) as [Float32Array, Float32Array];
      return old.reduce((sum, value, i) => sum + ((value - (now[i] as number)) / lr) ** 2, 0);
    });
    expect(norms.some((norm) => norm > 1e-3)).toBe(true);
    expect(outputs.get('gradientNorms')).toBeClose(
      { shape: [norms.length], data: norms },
      { relative: 1e-3, absolute: 1e-10 },
    );
  });

  it('whose loss is not finite changes nothing', async () => {
    const spoilt = batch();
    spoilt.images[7] = Number.NaN;
    const { before, outputs, after } = await run(stepInputs(step, spoilt, lr, 0, 0));
    expect(outputs.get('loss')?.data[0]).toBeNaN();
    for (const [name, { data }] of before) expect(after.get(name)?.data, name).toEqual(data);
  });

  it('leaves samples that only fill up the batch out of the loss', async () => {
    const [some, other] = [batch(3), batch(3)];
    other.labels[3] = 0;
    const losses = await Promise.all(
      [some, other].map(async (filled) => (await run(stepInputs(step, filled, lr, 0, 0))).outputs.get('loss')?.data[0]),
    );
    expect(losses[1]).toBe(losses[0]);
    const all = (await run(stepInputs(step, batch(4), lr, 0, 0))).outputs.get('loss')?.data[0];
    expect(all).not.toBe(losses[0]);
  });

  it('and prediction share their weights and running statistics', () => {
    const predict = predictionProgram(sizes);
    expect([...predict.graph.state.keys()]).toEqual([...step.graph.state.keys()]);
    expect([...predict.graph.inputs.keys()]).toEqual(['image']);
  });
});

describe('the masks of dropout', () => {
  const maskOf = (name: string, seed: number, at: number) =>
    numbersOf(stepInputs(step, batch(), lr, seed, at).get(name));

  it('keep their mean: 0 with the rate as probability, else scaled up', () => {
    const mask = maskOf('dropout1', 0, 0);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    expect(mask.filter((value) => value === 0).length / mask.length).toBeCloseTo(0.25, 1);
    expect(new Set(maskOf('dropout2', 0, 0))).toEqual(new Set([0, 2]));
  });

  it('are the same for the same seed, step and layer, and others for any other', () => {
    const mask = maskOf('dropout1', 3, 10);
    expect(maskOf('dropout1', 3, 10)).toEqual(mask);
    expect(maskOf('dropout1', 3, 11)).not.toEqual(mask);
    expect(maskOf('dropout1', 4, 10)).not.toEqual(mask);
    expect(maskOf('dropout2', 3, 10)).not.toEqual(mask.slice(0, 16));
  });
});

test('a step is fed exactly what its program declares', () => {
  const inputs = stepInputs(step, batch(), lr, 0, 0);
  expect(new Set(inputs.keys())).toEqual(new Set(step.graph.inputs.keys()));
  for (const [name, { type }] of step.graph.inputs) expect(inputs.get(name)).toMatchObject(type);
});
