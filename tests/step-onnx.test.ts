/** The training step as a file, run by plain onnxruntime-node. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { loadData, shuffledOrder, subset } from '../src/data/index.ts';
import { type Engine, onnxruntime, portableOnnxruntime } from '../src/engines/index.ts';
import { initialState, type Program } from '../src/ir/index.ts';
import { densenet, findModel, resnet } from '../src/models/index.ts';
import { defineNetwork, globalAveragePool, linear } from '../src/nn/index.ts';
import { crossEntropy } from '../src/objectives/index.ts';
import { ModelProtoSchema } from '../src/onnx/onnx_pb.ts';
import { sgd } from '../src/optimisers/index.ts';
import { batches } from '../src/pipeline/index.ts';
import { stepInputs, stepProgram } from '../src/step/index.ts';
import { type Tensor, tensor } from '../src/tensor/index.ts';
import { type StepOnnx, stepOnnx, train as trainRun } from '../src/train/index.ts';
import { skein } from './run-skein.ts';

const batchSize = 32;
const steps = 10;
const program = stepProgram({
  network: findModel('resnet20'),
  image: { channels: 1, height: 28, width: 28 },
  classes: 10,
  batchSize,
  optimiser: sgd({ nesterov: true }),
});
const state = initialState(program.graph, 0);
let fed: Map<string, Tensor>[] = [];
let files: StepOnnx;

beforeAll(async () => {
  const { train: dataset, normalisation } = await loadData('fashion-mnist-sample');
  const order = shuffledOrder(dataset.length, 0, 0).subarray(0, steps * batchSize);
  const source = { dataset, order, batchSize, augment: [], normalisation, seed: 0, epoch: 0 };
  fed = [];
  // the first steps of a warm-up
  for await (const batch of batches(source))
    fed.push(stepInputs(program, batch, 1e-4 * (fed.length + 1), 0, fed.length));
  files = stepOnnx(program, state);
});

const toOrt = ({ dtype, data, shape }: Tensor) => new ort.Tensor(dtype, data as Float32Array, shape) as ort.Tensor;
const named = (prefix: string, feeds: ReadonlyMap<string, Tensor>) =>
  Object.fromEntries([...feeds].map(([name, content]) => [prefix + name, toOrt(content)]));
const quiet = { logSeverityLevel: 3 } as const;

/** The loop of docs/step-onnx.md: what it knows, it knows from the names. */
async function train({ step, initial }: StepOnnx, inputs: readonly ReadonlyMap<string, Tensor>[], options = {}) {
  let entries: Record<string, ort.Tensor> = { ...(await (await ort.InferenceSession.create(initial, quiet)).run({})) };
  const session = await ort.InferenceSession.create(step, { ...quiet, ...options });
  const losses: number[] = [];
  for (const feeds of inputs) {
    const results = await session.run({ ...named('input:', feeds), ...entries });
    losses.push(Number(results['output:loss']?.data[0]));
    const updates = Object.entries(results).filter(([name]) => name.startsWith('update:'));
    entries = Object.fromEntries(
      updates.map(([name, value]) => [name.replace('update:', 'state:'), value as ort.Tensor]),
    );
  }
  return { losses, entries };
}

async function trainInSkein(engine: Engine, one: Program, inputs: readonly ReadonlyMap<string, Tensor>[]) {
  const executable = await engine.compile({ step: one }, { threads: 1 });
  try {
    await executable.load(initialState(one.graph, 0));
    const losses: number[] = [];
    for (const feeds of inputs) losses.push(Number((await executable.run('step', feeds)).get('loss')?.data[0]));
    expect((await executable.plan()).engine).toBe(engine.name);
    return { losses, state: await executable.read() };
  } finally {
    await executable.dispose();
  }
}

describe('ten steps of resnet20 in plain ONNX Runtime', () => {
  it('are bit for bit the engine with the portable lowering', async () => {
    const plain = await train(files, fed, { graphOptimizationLevel: 'disabled', intraOpNumThreads: 1 });
    const ours = await trainInSkein(portableOnnxruntime, program, fed);
    expect(plain.losses).toEqual(ours.losses);
    expect(Object.keys(plain.entries).sort()).toEqual([...ours.state.keys()].map((name) => `state:${name}`).sort());
    for (const [name, { data }] of ours.state) expect(plain.entries[`state:${name}`]?.data, name).toEqual(data);
    expect(new Set(ours.losses).size).toBe(steps);
  });

  it('agree with the engine to 1e-4 with every default of the runtime', async () => {
    const plain = await train(files, fed);
    const ours = await trainInSkein(onnxruntime, program, fed);
    for (const [i, loss] of ours.losses.entries())
      expect(distance([loss], [plain.losses[i]]), `loss ${i}`).toBeLessThan(1e-4);
    // all weights and statistics as one vector; gradients of single layers part sooner, wherever a rectifier's input rounds to either
    // side of 0
    const names = [...ours.state.keys()].filter((name) => !name.startsWith('momentum.'));
    const all = (read: (name: string) => ArrayLike<unknown> | undefined) =>
      names.flatMap((name) => Array.from((read(name) ?? []) as ArrayLike<number>));
    const wanted = all((name) => ours.state.get(name)?.data as Float32Array);
    expect(
      distance(
        wanted,
        all((name) => plain.entries[`state:${name}`]?.data as Float32Array),
      ),
    ).toBeLessThan(1e-4);
  });
});

/** Euclidean, relative to the first. */
function distance(a: ArrayLike<number>, b: ArrayLike<number | undefined>): number {
  const norm = (at: (i: number) => number) => Math.sqrt(Array.from(a).reduce((sum, _, i) => sum + at(i) ** 2, 0));
  return norm((i) => (a[i] as number) - (b[i] ?? Number.NaN)) / norm((i) => a[i] as number);
}

describe('the files', () => {
  it('use standard operators alone', () => {
    for (const bytes of [files.step, files.initial]) {
      const { opsetImport, graph } = fromBinary(ModelProtoSchema, bytes);
      expect(opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 20n]]);
      expect(new Set(graph?.node.map(({ domain }) => domain))).toEqual(new Set(['']));
    }
  });

  it('name the input of each update, and the rate of each dropout', () => {
    const dropping = stepProgram({
      network: densenet({ depth: 10, growth: 4, dropout: 0.2 }),
      image: { channels: 3, height: 8, width: 8 },
      classes: 4,
      batchSize: 2,
      optimiser: sgd(),
    });
    const { step } = stepOnnx(dropping, initialState(dropping.graph, 0), { network: 'dropping' });
    const { metadataProps, graph } = fromBinary(ModelProtoSchema, step);
    const metadata = new Map(metadataProps.map(({ key, value }) => [key, value]));
    const inputs = graph?.input.map(({ name }) => name);
    const updates = graph?.output.map(({ name }) => name ?? '').filter((name) => name.startsWith('update:')) ?? [];
    expect(updates.length).toBe(dropping.updates.size);
    for (const name of updates) expect(inputs).toContain(metadata.get(name));
    const masks = inputs?.filter((name) => name?.includes('dropout')) ?? [];
    expect(masks.length).toBeGreaterThan(0);
    for (const name of masks) expect(metadata.get(`dropout:${name}`)).toBe('0.2');
    expect(metadata.get('network')).toBe('dropping');
  });
});

it('a step that is not finite gives the state back as it was', async () => {
  const inputs = new Map(fed[0]);
  const image = inputs.get('image') as Tensor;
  inputs.set('image', tensor('float32', image.shape, new Float32Array(image.data.length).fill(Number.NaN)));
  const { losses, entries } = await train(files, [inputs]);
  expect(losses).toEqual([Number.NaN]);
  for (const [name, { data }] of state) expect(entries[`state:${name}`]?.data, name).toEqual(data);
});

describe('skein export --step', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-step-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('writes the step of a run and the state that it stands at', async () => {
    const { train: images, normalisation } = await loadData('fashion-mnist-sample');
    const data = { train: subset(images, [...Array(24).keys()]), normalisation };
    const out = join(folder, 'run');
    await trainRun({
      model: resnet({ depth: 8 }),
      data,
      epochs: 1,
      batchSize: 8,
      loss: crossEntropy({ labelSmoothing: 0.1 }),
      out,
    });
    const { code, stdout } = await skein('export', out, '--step', '--json', '-b', '4');
    expect(code).toBe(0);
    const { file, beside } = JSON.parse(stdout);
    expect([file, ...beside]).toEqual([join(out, 'resnet8.step.onnx'), join(out, 'resnet8.initial.onnx')]);

    const initial = await (await ort.InferenceSession.create(beside[0], quiet)).run({});
    const { tensors } = await loadCheckpoint(join(out, 'last.safetensors'));
    for (const [name, { data: content }] of tensors) expect(initial[`state:${name}`]?.data, name).toEqual(content);
    const session = await ort.InferenceSession.create(file, quiet);
    const image = fed[0]?.get('image') as Tensor;
    const feeds = named(
      'input:',
      new Map<string, Tensor>([
        ['image', tensor('float32', [4, 1, 28, 28], (image.data as Float32Array).slice(0, 4 * 784))],
        ['labels', tensor('int32', [4], Int32Array.of(0, 1, 2, 3))],
        ['weights', tensor('float32', [4], Float32Array.of(1, 1, 1, 1))],
        ['lr', tensor('float32', [], Float32Array.of(0.1))],
      ]),
    );
    const results = await session.run({ ...initial, ...feeds });
    expect(Number(results['output:loss']?.data[0])).toBeGreaterThan(0);
  });

  it('says which network a custom one needs', async () => {
    const network = defineNetwork('own', (image, { classes }) => linear(globalAveragePool(image), classes));
    const { train: images, normalisation } = await loadData('fashion-mnist-sample');
    const out = join(folder, 'own');
    await trainRun({
      model: network,
      data: { train: subset(images, [...Array(24).keys()]), normalisation },
      epochs: 1,
      batchSize: 8,
      out,
    });
    const { code, stderr } = await skein('export', out, '--step');
    expect(code).toBe(1);
    expect(stderr).toMatch(/the network `own` is not one of Skein's\n.*--model \.\/net\.mjs/);
  });
});
