/** Optimisers, losses, clipping, accumulation and averages do in twenty steps what PyTorch does, on every engine. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { adamw, bce, conv, crossEntropy, defineNetwork, ema, globalAveragePool, linear, relu, sgd } from 'skein';
import { type Engine, evaluator } from 'skein/engines';
import { initialState } from 'skein/ir';
import { type StepBatch, type StepOptions, stepInputs, trainingPrograms } from 'skein/step';
import { type Tensor, tensor } from 'skein/tensor';
import { describe, expect, it } from 'vitest';
import { findTorch } from '../src/bench/torch-peer.ts';
import { weighed } from '../src/train/class-balance.ts';
import { distance } from './distance.ts';
import { enginesHere } from './engines-here.ts';

const [steps, batch, classes] = [20, 4, 3];

interface Golden {
  readonly losses: readonly number[];
  readonly parameters: readonly (readonly number[])[];
  readonly averages?: readonly (readonly number[])[];
}

interface Recipe extends Omit<StepOptions, 'network' | 'image' | 'classes' | 'batchSize'> {
  readonly lr: number;
  readonly accumulate?: number;
  readonly weightOfClass?: readonly number[];
}

const sgdRecipe = { optimiser: sgd(), lr: 0.25 };
const recipes: Readonly<Record<string, Recipe>> = {
  adamw: { optimiser: adamw(), lr: 0.01 },
  'adamw with other options': {
    optimiser: adamw({ betas: [0.8, 0.95], epsilon: 1e-6, weightDecay: 0.1 }),
    lr: 0.02,
  },
  clipped: { ...sgdRecipe, clipNorm: 0.1 },
  accumulated: { ...sgdRecipe, accumulate: 3 },
  averaged: { ...sgdRecipe, average: ema({ decay: 0.9 }) },
  'soft labels': { ...sgdRecipe, loss: crossEntropy(), softLabels: true },
  bce: { ...sgdRecipe, loss: bce({ labelSmoothing: 0.1 }), softLabels: true },
  'class weights': { ...sgdRecipe, weightOfClass: [0.5, 2, 1.25] },
  'all together': {
    optimiser: adamw(),
    lr: 0.01,
    loss: bce({ labelSmoothing: 0.1 }),
    softLabels: true,
    clipNorm: 0.05,
    accumulate: 2,
    average: ema({ decay: 0.95 }),
  },
};

const network = defineNetwork('small', (image, { classes: count }) =>
  linear(globalAveragePool(relu(conv(image, 4, { kernel: 3, bias: true }))), count),
);
const parameters = ['conv1.weight', 'conv1.bias', 'linear1.weight', 'linear1.bias'];

const numbers = (size: number, seed: number) =>
  Float32Array.from({ length: size }, (_, i) => ((i * 7919 + seed * 613 + 13) % 1009) / 1009 - 0.5);

function batchOf(step: number, part: number): StepBatch {
  const rows = numbers(batch * classes, 200 + 10 * step + part).map((share) => share + 0.6);
  const targets = rows.map((share, i) => {
    const row = Math.floor(i / classes) * classes;
    return share / rows.subarray(row, row + classes).reduce((sum, other) => sum + other, 0);
  });
  return {
    images: numbers(batch * 50, 100 + 10 * step + part).map((pixel) => 4 * pixel),
    labels: Int32Array.from({ length: batch }, (_, i) => (i + step + part) % classes),
    targets,
    weights: new Float32Array(batch).fill(1),
  };
}

async function trained(engine: Engine, { lr, accumulate = 1, weightOfClass, ...options }: Recipe) {
  const image = { channels: 2, height: 5, width: 5 };
  const programs = trainingPrograms({ ...options, network, image, classes, batchSize: batch }, accumulate);
  const executable = await engine.compile(programs.entries, { threads: 1 });
  try {
    const state: Map<string, Tensor> = initialState(programs.whole.graph, 0);
    parameters.forEach((name, seed) => {
      const { shape, data } = state.get(name) as Tensor;
      const start = tensor('float32', shape, numbers(data.length, seed));
      state.set(name, start);
      if (options.average) state.set(`average.${name}`, start);
    });
    await executable.load(state);
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      let loss = 0;
      for (let part = 0; part < accumulate; part++) {
        const share = { share: 1 / accumulate };
        const { targets, ...labelled } = batchOf(step, part);
        const given = weighed(
          options.softLabels ? { ...labelled, ...(targets && { targets }) } : labelled,
          weightOfClass,
        );
        const inputs = stepInputs(programs.batch, given, lr, 0, step, share);
        const outputs = await executable.run(accumulate === 1 ? 'step' : 'gradients', inputs);
        loss += ((outputs.get('loss') as Tensor).data[0] as number) / accumulate;
      }
      if (accumulate > 1) await executable.run('update', stepInputs(programs.whole, batchOf(step, 0), lr, 0, step));
      losses.push(loss);
    }
    return { losses, state: await executable.read() };
  } finally {
    await executable.dispose();
  }
}

const golden = JSON.parse(readFileSync(new URL('recipes-golden.json', import.meta.url), 'utf8')) as Record<
  string,
  Golden
>;

describe.each([evaluator, ...enginesHere].map((engine) => [engine.name, engine] as const))('on %s', (_, engine) => {
  it.each(Object.entries(recipes))('trains as PyTorch does: %s', async (name, recipe) => {
    const expected = golden[name] as Golden;
    const { losses, state } = await trained(engine, recipe);
    expect(losses).toBeClose(expected.losses, { relative: 1e-5 });
    const near = (prefix: string, values: readonly (readonly number[])[]) => {
      for (const [i, parameter] of parameters.entries()) {
        const { shape } = state.get(parameter) as Tensor;
        const wanted = tensor('float32', shape, Float32Array.from(values[i] as readonly number[]));
        expect(distance(state.get(`${prefix}${parameter}`) as Tensor, wanted), `${prefix}${parameter}`).toBeLessThan(
          1e-5,
        );
      }
    };
    near('', expected.parameters);
    if (expected.averages) near('average.', expected.averages);
  });
});

it('the numbers are those of the PyTorch that is here', async ({ skip }) => {
  const python = await findTorch();
  if (python === undefined) return skip('needs python3 with torch: apt-get install python3-torch');
  const script = fileURLToPath(new URL('recipes_golden.py', import.meta.url));
  const made = JSON.parse(execFileSync(python, [script], { encoding: 'utf8' })) as Record<string, Golden>;
  expect(Object.keys(made)).toEqual(Object.keys(golden));
  for (const [name, { losses, parameters: last }] of Object.entries(golden)) {
    expect(made[name]?.losses).toBeClose(losses, { relative: 1e-9 });
    expect(made[name]?.parameters.flat()).toBeClose(last.flat(), { relative: 1e-7, absolute: 1e-9 });
  }
});
