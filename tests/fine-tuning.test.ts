/** Frozen layers, groups of rates and batch norms as they were do in twenty steps what PyTorch does, on every engine. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { adamw, batchNorm, conv, defineNetwork, globalAveragePool, linear, relu, sgd } from 'skein';
import { type Engine, evaluator } from 'skein/engines';
import { initialState, scope, type Value } from 'skein/ir';
import { type StepOptions, stepInputs, trainingPrograms } from 'skein/step';
import { type Tensor, tensor } from 'skein/tensor';
import { describe, expect, it } from 'vitest';
import { findTorch } from '../src/bench/torch-peer.ts';
import { distance } from './distance.ts';
import { enginesHere } from './engines-here.ts';

const [steps, batch, classes] = [20, 4, 3];

interface Golden {
  readonly losses: readonly number[];
  /** In the order of `entries`. */
  readonly state: readonly (readonly number[])[];
}

type Recipe = Pick<StepOptions, 'optimiser' | 'freeze' | 'rates'> & { readonly lr: number };

const rates = [
  { path: 'stem', factor: 0.1 },
  { path: 'stage1', factor: 0.25 },
  { path: 'stage2', factor: 0.5 },
];
const recipes: Readonly<Record<string, Recipe>> = {
  'all layers by sgd': { optimiser: sgd(), lr: 0.05, rates },
  'all layers by adamw': { optimiser: adamw(), lr: 0.01, rates },
  'without the stem': { optimiser: sgd(), lr: 0.05, rates, freeze: ['stem'] },
  'without the stem, by adamw': { optimiser: adamw(), lr: 0.01, rates, freeze: ['stem'] },
  'with batch norms as they were': {
    optimiser: sgd(),
    lr: 0.05,
    rates,
    freeze: ['stem.norm1', 'stage1.norm1', 'stage2.norm1'],
  },
  'the head alone': { optimiser: sgd(), lr: 0.05, freeze: ['stem', 'stage1', 'stage2'] },
};

const layer = (name: string, x: Value, width: number) =>
  scope(name, () => relu(batchNorm(conv(x, width, { kernel: 3 }))));
const network = defineNetwork('small', (image, { classes: count }) => {
  const x = layer('stage2', layer('stage1', layer('stem', image, 4), 4), 6);
  return linear(globalAveragePool(x), count, { name: 'classifier' });
});
const entries = [
  ...['stem', 'stage1', 'stage2'].flatMap((name) => [
    `${name}.conv1.weight`,
    ...['weight', 'bias', 'mean', 'variance'].map((entry) => `${name}.norm1.${entry}`),
  ]),
  'classifier.weight',
  'classifier.bias',
];
const isPositive = (name: string) => name.endsWith('norm1.weight') || name.endsWith('.variance');

const numbers = (size: number, seed: number) =>
  Float32Array.from({ length: size }, (_, i) => ((i * 7919 + seed * 613 + 13) % 1009) / 1009 - 0.5);

const batchOf = (step: number) => ({
  images: numbers(batch * 50, 100 + 10 * step).map((pixel) => 4 * pixel),
  labels: Int32Array.from({ length: batch }, (_, i) => (i + step) % classes),
  weights: new Float32Array(batch).fill(1),
});

async function trained(engine: Engine, { lr, ...options }: Recipe) {
  const image = { channels: 2, height: 5, width: 5 };
  const programs = trainingPrograms({ ...options, network, image, classes, batchSize: batch });
  const executable = await engine.compile(programs.entries, { threads: 1 });
  try {
    const state: Map<string, Tensor> = initialState(programs.whole.graph, 0);
    entries.forEach((name, seed) => {
      const { shape, data } = state.get(name) as Tensor;
      const values = numbers(data.length, seed);
      state.set(name, tensor('float32', shape, isPositive(name) ? values.map((value) => value + 1) : values));
    });
    await executable.load(state);
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const outputs = await executable.run('step', stepInputs(programs.whole, batchOf(step), lr, 0, step));
      losses.push((outputs.get('loss') as Tensor).data[0] as number);
    }
    return { losses, state: await executable.read() };
  } finally {
    await executable.dispose();
  }
}

const golden = JSON.parse(readFileSync(new URL('fine-tuning-golden.json', import.meta.url), 'utf8')) as Record<
  string,
  Golden
>;

describe.each([evaluator, ...enginesHere].map((engine) => [engine.name, engine] as const))('on %s', (_, engine) => {
  it.each(Object.entries(recipes))('fine-tunes as PyTorch does: %s', async (name, recipe) => {
    const expected = golden[name] as Golden;
    const { losses, state } = await trained(engine, recipe);
    expect(losses).toBeClose(expected.losses, { relative: 1e-4 });
    for (const [i, entry] of entries.entries()) {
      const found = state.get(entry) as Tensor;
      const wanted = tensor('float32', found.shape, Float32Array.from(expected.state[i] as readonly number[]));
      expect(distance(found, wanted), entry).toBeLessThan(1e-4);
    }
  });
});

it('the numbers are those of the PyTorch that is here', async ({ skip }) => {
  const python = await findTorch();
  if (python === undefined) return skip('needs python3 with torch: apt-get install python3-torch');
  const script = fileURLToPath(new URL('fine_tuning_golden.py', import.meta.url));
  const made = JSON.parse(execFileSync(python, [script], { encoding: 'utf8' })) as Record<string, Golden>;
  expect(Object.keys(made)).toEqual(Object.keys(golden));
  for (const [name, { losses, state }] of Object.entries(golden)) {
    expect(made[name]?.losses).toBeClose(losses, { relative: 1e-9 });
    expect(made[name]?.state.flat()).toBeClose(state.flat(), { relative: 1e-7, absolute: 1e-9 });
  }
});
