/**
 * The largest networks: how long it takes to build, differentiate and write them as ONNX, and that they train a step.
 *
 * usage: npm run bench:zoo, with nothing else on the machine; `-- compile` or `-- train` for one half
 */

import { onnxruntime } from '../src/engines/index.ts';
import { entryModel } from '../src/engines/onnxruntime/entry-model.ts';
import { lowerProgram } from '../src/engines/onnxruntime/lower-program.ts';
import { initialState, liveNodes, type Program } from '../src/ir/index.ts';
import { findModel } from '../src/models/index.ts';
import { buildNetwork, type ImageSize } from '../src/nn/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { stepInputs, stepProgram } from '../src/step/index.ts';
import { Random } from '../src/tensor/index.ts';

const large = ['resnet152', 'densenet264'];
const deep: readonly [name: string, batchSize: number][] = [
  ['resnet1202', 4],
  ['preact-resnet1001', 4],
  ['densenet-bc250-k24', 2],
];

async function timed<T>(work: () => T | Promise<T>): Promise<[result: T, seconds: number]> {
  const began = performance.now();
  const result = await work();
  return [result, (performance.now() - began) / 1000];
}

function sizesOf(name: string, batchSize: number) {
  const network = findModel(name);
  const { image, classes = 10 } = network;
  return { network, image: image as ImageSize, classes, batchSize, optimiser: sgd() };
}

async function compile(name: string, batchSize: number) {
  const sizes = sizesOf(name, batchSize);
  const { network, image, classes } = sizes;
  const [, build] = await timed(() => buildNetwork(network, { batch: batchSize, image, classes, training: true }));
  const [step, whole] = await timed(() => stepProgram(sizes));
  // blocks of 16 channels, as on processors with AVX-512
  const [model, lower] = await timed(() => entryModel(step, { block: 16 }));
  return {
    model: name,
    batch: batchSize,
    nodes: liveNodes(step).length,
    'onnx nodes': lowerProgram(step, { block: 16 }).nodes,
    'ONNX MB': (model.segments.reduce((all, { bytes }) => all + bytes.length, 0) / 1e6).toFixed(1),
    'build s': build.toFixed(2),
    'gradients s': (whole - build).toFixed(2),
    'lower s': lower.toFixed(2),
  };
}

/** A step on random images. */
async function train(name: string, batchSize: number) {
  const [step, build] = await timed(() => stepProgram(sizesOf(name, batchSize)));
  const [executable, start] = await timed(() => onnxruntime.compile({ step }));
  try {
    await executable.load(initialState(step.graph, 0));
    const [outputs, run] = await timed(() => executable.run('step', randomInputs(step, batchSize)));
    const { peakBytes } = await executable.plan();
    return {
      model: name,
      batch: batchSize,
      loss: Number(outputs.get('loss')?.data[0]).toFixed(4),
      'program s': build.toFixed(2),
      'session s': start.toFixed(2),
      'step s': run.toFixed(2),
      'peak GB': (peakBytes / 1e9).toFixed(2),
    };
  } finally {
    await executable.dispose();
  }
}

function randomInputs(step: Program, batchSize: number) {
  const random = new Random('zoo');
  const [, ...extents] = step.graph.inputs.get('image')?.type.shape ?? [];
  const pixels = batchSize * extents.reduce((product, extent) => product * extent, 1);
  const images = Float32Array.from({ length: pixels }, () => random.normal());
  const labels = Int32Array.from({ length: batchSize }, () => random.integer(10));
  const batch = { images, labels, weights: new Float32Array(batchSize).fill(1) };
  return stepInputs(step, batch, 0.01, 0, 0);
}

const half = process.argv[2];
if (half !== 'train') {
  const rows = [];
  for (const name of large) for (const batchSize of [1, 4, 16]) rows.push(await compile(name, batchSize));
  console.table(rows);
}
if (half !== 'compile') {
  // each as it is done: they take minutes
  for (const [name, batchSize] of deep) console.table([await train(name, batchSize)]);
}
