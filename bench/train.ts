/** Images per second of whole training steps and, where python3 has torch, of PyTorch's, in turns in the same run. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onnxruntime } from '../src/engines/index.ts';
import { initialState } from '../src/ir/index.ts';
import { findModel } from '../src/models/index.ts';
import { sgd } from '../src/nn/index.ts';
import { Random, type Tensor, tensor } from '../src/tensor/index.ts';
import { stepProgram } from '../src/train/index.ts';

interface Case {
  readonly model: string;
  readonly batchSize: number;
  readonly peer?: string;
}

const cases: readonly Case[] = [
  { model: 'resnet20', batchSize: 128, peer: 'torch_resnet20.py' },
  { model: 'densenet-bc100-k12', batchSize: 64 },
];
const threads = 2;
const rounds = 5;
const steps = 12;

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;

function randomBatch(batchSize: number): Map<string, Tensor> {
  const random = new Random('bench');
  const pixels = Float32Array.from({ length: batchSize * 3 * 32 * 32 }, () => random.normal());
  return new Map<string, Tensor>([
    ['image', tensor('float32', [batchSize, 3, 32, 32], pixels)],
    [
      'labels',
      tensor(
        'int32',
        [batchSize],
        Int32Array.from({ length: batchSize }, () => random.integer(10)),
      ),
    ],
    ['weights', tensor('float32', [batchSize], new Float32Array(batchSize).fill(1))],
    ['lr', tensor('float32', [], Float32Array.of(0.05))],
  ]);
}

/** Images per second of a few steps in a process of its own, and the engine's peak memory in bytes. */
async function skein({ model, batchSize }: Case): Promise<{ rate: number; peakBytes: number }> {
  const image = { channels: 3, height: 32, width: 32 };
  const program = stepProgram({ network: findModel(model), image, classes: 10, batchSize, optimiser: sgd() });
  const executable = await onnxruntime.compile({ step: program }, { threads });
  await executable.load(initialState(program.graph, 0));
  const batch = randomBatch(batchSize);
  const seconds: number[] = [];
  for (let i = 0; i < steps; i++) {
    const began = performance.now();
    await executable.run('step', batch);
    seconds.push((performance.now() - began) / 1000);
  }
  const { peakBytes } = await executable.plan();
  await executable.dispose();
  return { rate: batchSize / median(seconds), peakBytes };
}

/** PyTorch's rate, or undefined where the system's python3 has no torch. */
function torch({ peer, batchSize }: Case): number | undefined {
  if (peer === undefined) return undefined;
  const script = fileURLToPath(new URL(`./peers/${peer}`, import.meta.url));
  const env = { ...process.env, MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '100000000000' };
  for (const python of ['/usr/bin/python3', 'python3'])
    try {
      const args = [script, String(batchSize), String(threads), String(steps)];
      return Number(execFileSync(python, args, { env, stdio: ['ignore', 'pipe', 'ignore'] }));
    } catch {
      // no python3 here, or one without torch
    }
  return undefined;
}

/** Prints a row for each case. */
export async function benchTrain(): Promise<void> {
  const rows = [];
  for (const one of cases) {
    const ours: { rate: number; peakBytes: number }[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await skein(one));
      const peer = torch(one);
      if (peer !== undefined) theirs.push(peer);
    }
    const ratios = theirs.map((rate, i) => (ours[i]?.rate ?? 0) / rate);
    rows.push({
      model: one.model,
      batch: one.batchSize,
      'images/s': Math.round(median(ours.map(({ rate }) => rate))),
      'peak MB': Math.round(Math.max(...ours.map(({ peakBytes }) => peakBytes)) / 1e6),
      'PyTorch images/s': theirs.length > 0 ? Math.round(median(theirs)) : 'python3 with torch not found',
      'median ratio': ratios.length > 0 ? median(ratios).toFixed(2) : '',
    });
  }
  console.table(rows);
}
