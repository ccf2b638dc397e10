/**
 * What Skein computes, as text: two commits that print the same compute the same. For each of twelve configurations the training step as an
 * ONNX file, the engine's instructions where this machine has oneDNN, and five steps of the evaluator.
 *
 *   npx tsx scripts/fingerprints.ts > before.txt          all twelve; or those whose names hold a word: fingerprints.ts squeeze
 *   scripts/compare-commits main~3 main
 */

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flip, padCrop } from '../src/augmentations/index.ts';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { memoryDataset, type Splits } from '../src/data/index.ts';
import { type Precision, precisions } from '../src/engines/index.ts';
import { isMissing, type Library, openLibrary } from '../src/engines/onednn/library/index.ts';
import { Session } from '../src/engines/onednn/session.ts';
import { add, flatten, multiply, relu, reshape, scope, sigmoid, subtract } from '../src/ir/index.ts';
import { densenet, findModel, imageNetResnet, models, plain, preactResnet, resnet, vgg } from '../src/models/index.ts';
import {
  adaptiveAveragePool,
  batchNorm,
  conv,
  defineNetwork,
  dropout,
  globalAveragePool,
  linear,
} from '../src/nn/index.ts';
import { crossEntropy } from '../src/objectives/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { cosine, oneCycle, step } from '../src/schedules/index.ts';
import { stepProgram } from '../src/step/index.ts';
import { Random } from '../src/tensor/index.ts';
import { runStepOnnx, type TrainOptions, train } from '../src/train/index.ts';

const [batchSize, steps, classes] = [4, 5, ['ant', 'bee', 'cow']];

const varied = (name: string, options: Readonly<Record<string, unknown>>) => {
  const model = models.get(name);
  if (!model) throw new Error(`no model ${name}`);
  return model.vary(options);
};

/** Branches, sums and products of every kind that the published networks have not. */
const own = defineNetwork('own', (image, { classes: count }) => {
  let x = relu(batchNorm(conv(image, 12, { kernel: 3, bias: true })));
  for (let i = 1; i <= 2; i++)
    x = scope(`block${i}`, () => {
      const gate = sigmoid(linear(globalAveragePool(x), 12, { name: 'gate' }));
      return relu(
        add(multiply(batchNorm(conv(x, 12, { kernel: 3 })), reshape(gate, [-1, 12, 1, 1])), subtract(x, 0.1)),
      );
    });
  return linear(dropout(flatten(adaptiveAveragePool(x, 2)), 0.25), count);
});

/** Everything but the data, the folder and the engine; `side` is the image's. */
const configurations: Readonly<
  Record<string, Partial<TrainOptions> & { readonly model: TrainOptions['model']; readonly side: number }>
> = {
  resnet: { model: findModel('resnet8'), side: 16, augment: [padCrop({ pad: 2 }), flip()] },
  'resnet, projections, Nesterov': {
    model: resnet({ depth: 14, shortcut: 'B' }),
    side: 16,
    optimiser: sgd({ momentum: 0.8, nesterov: true, weightDecay: 5e-4 }),
  },
  'plain, steps': {
    model: plain({ depth: 14 }),
    side: 16,
    lr: step({ lr: 0.05, milestones: [0.4, 0.8], warmup: 0.2 }),
  },
  'preact, stochastic depth': { model: preactResnet({ depth: 20, stochasticDepth: 0.4 }), side: 16 },
  'wide, dropout': { model: varied('wrn16-4', { dropout: 0.3 }), side: 16, augment: [flip()] },
  'dense, one cycle': {
    model: densenet({ depth: 16, growth: 12 }),
    side: 16,
    lr: oneCycle({ lr: 0.05 }),
    loss: crossEntropy({ labelSmoothing: 0.1 }),
  },
  'dense, bottlenecks, dropout, recomputed': {
    model: densenet({ depth: 22, growth: 8, bottleneck: true, dropout: 0.2 }),
    side: 16,
    recompute: 'dense',
  },
  'vgg, without momentum': {
    model: vgg({ depth: 11, width: 8 }),
    side: 32,
    optimiser: sgd({ momentum: 0, weightDecay: 0 }),
  },
  'large resnet, stochastic depth': {
    model: imageNetResnet({ depth: 18, stochasticDepth: 0.2 }),
    side: 40,
    lr: cosine({ lr: 0.02, final: 0.001 }),
  },
  'large resnet, groups': { model: findModel('resnext50_32x4d'), side: 32, lr: 0.001 },
  'large resnet, squeeze and excitation': { model: findModel('seresnet50'), side: 32, lr: 0.001, recompute: 'cheap' },
  'own network': { model: own, side: 12, seed: 7, loss: crossEntropy({ labelSmoothing: 0.05 }) },
};

const sha256 = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 32);
};
const bytesOf = ({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength);

function images(side: number): Splits {
  const dataset = (name: string, length: number) => {
    const random = new Random('images').fork(name);
    const pixels = Uint8Array.from({ length: length * 3 * side * side }, () => random.integer(256));
    const labels = Array.from({ length }, (_, i) => i % classes.length);
    return memoryDataset({ name, classes, channels: 3, height: side, width: side, pixels, labels });
  };
  return {
    train: dataset('train', steps * batchSize),
    validation: dataset('validation', 3),
    normalisation: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  };
}

/** What a step is compiled to. */
function instructions(library: Library, program: ReturnType<typeof stepProgram>, precision: Precision): string {
  const session = new Session(library, precision);
  try {
    const compiled = session.compile(new Map([['step', program]])).get('step');
    if (!compiled) throw new Error('nothing was compiled');
    const list = [...compiled.steps, ...compiled.updates].map(({ name, bytes }) => `${name} ${bytes}`);
    const digest = sha256([...list, ...compiled.implementations].join('\n'));
    return `${list.length} instructions, ${compiled.arena.bytes} bytes, ${digest}`;
  } finally {
    session.dispose();
  }
}

/** A processor may lack a precision. */
function told(library: Library, program: ReturnType<typeof stepProgram>, precision: Precision): string {
  try {
    return instructions(library, program, precision);
  } catch (error) {
    if (precision === 'float32') throw error;
    return 'not on this processor';
  }
}

const opened = await openLibrary();
const library = isMissing(opened) ? undefined : opened;
library?.setThreads(1);
console.log(library ? `oneDNN ${library.version}` : 'no oneDNN');

const [words = ''] = process.argv.slice(2);
const chosen = Object.entries(configurations).filter(([name]) => name.includes(words));
for (const [name, { side, ...options }] of chosen) {
  const folder = await mkdtemp(join(tmpdir(), 'skein-fingerprint-'));
  try {
    const losses: number[] = [];
    const run = await train({
      ...options,
      data: images(side),
      epochs: 1,
      batchSize,
      engine: 'evaluator',
      out: join(folder, 'run'),
      callbacks: [{ onStep: ({ loss }) => void losses.push(loss) }],
    });
    const last = join(run.folder, 'last.safetensors');
    const checkpoint = await loadCheckpoint(last);
    const network = typeof options.model === 'string' ? findModel(options.model) : options.model;
    const { step: onnx, initial } = runStepOnnx(last, checkpoint, { network });
    const state = [...checkpoint.tensors].flatMap(([entry, { shape, data }]) => [`${entry} ${shape};`, bytesOf(data)]);
    console.log(`\n${name}`);
    console.log(`  step.onnx   ${onnx.length} bytes, ${sha256(onnx)}; state ${sha256(initial)}`);
    console.log(`  losses      ${losses.join(' ')}`);
    console.log(`  validation  ${JSON.stringify(run.epochs.at(-1)?.validation)}`);
    console.log(`  state       ${checkpoint.tensors.size} entries, ${sha256(...state)}`);
    if (!library) continue;
    const image = { channels: 3, height: side, width: side };
    const program = stepProgram({ ...options, network, image, classes: classes.length, batchSize });
    for (const precision of precisions) console.log(`  ${precision.padEnd(11)} ${told(library, program, precision)}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}
library?.dispose();
