/**
 * What saving a checkpoint takes: reading the whole state from an engine's process and writing the file, in milliseconds, medians of five,
 * and the most memory that this process held meanwhile; and what loading took and the engine's process held after it.
 *
 * usage: npx tsx bench/save.ts [--model resnet50] [--size 64] [ENGINE…], on Linux, with nothing else on the machine
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { saveCheckpoint } from '../src/checkpoint/index.ts';
import { type Engine, type Executable, onednn, onnxruntime } from '../src/engines/index.ts';
import { graphToJson, initialState, type Program } from '../src/ir/index.ts';
import { findModel } from '../src/models/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { predictionProgram, stepProgram } from '../src/step/index.ts';

const { values, positionals } = parseArgs({
  options: { model: { type: 'string', default: 'resnet50' }, size: { type: 'string', default: '64' } },
  allowPositionals: true,
});
const rounds = 5;
const network = findModel(values.model);
const size = Number(values.size);
const image = { channels: 3, height: size, width: size };
const about = { network, image, classes: network.classes ?? 10, batchSize: 1 };
const preprocessing = { ...image, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
const millisecondsSince = (began: number) => performance.now() - began;

/** Forgets the most memory held so far. */
const forgetPeak = () => writeFile('/proc/self/clear_refs', '5');

async function megabytes(what: 'VmHWM' | 'VmRSS'): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8');
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1000;
}

/** Milliseconds; the state is garbage afterwards. */
async function loadFirst(executable: Executable, step: Program): Promise<number> {
  const state = initialState(step.graph, 1);
  const began = performance.now();
  await executable.load(state);
  return millisecondsSince(began);
}

async function measure(engine: Engine, folder: string) {
  const step = stepProgram({ ...about, optimiser: sgd() });
  const graph = graphToJson(predictionProgram(about));
  const executable = await engine.compile({ step });
  const load = await loadFirst(executable, step);
  const { peakBytes } = await executable.plan();
  const [read, write, peak, saving] = [[], [], [], []] as [number[], number[], number[], number[]];
  for (let round = 0; round < rounds; round++) {
    collectGarbage();
    await forgetPeak();
    const before = await megabytes('VmRSS');
    const start = performance.now();
    const tensors = await executable.read();
    read.push(millisecondsSince(start));
    const middle = performance.now();
    await saveCheckpoint(join(folder, 'saved.safetensors'), {
      kind: 'skein-checkpoint',
      version: 1,
      network: { name: network.name, options: network.options },
      graph,
      classes: Array.from({ length: about.classes }, (_, i) => `class ${i}`),
      preprocessing,
      training: { epoch: 0, step: 0, seed: 1, config: {} },
      tensors,
    });
    write.push(millisecondsSince(middle));
    const held = await megabytes('VmHWM');
    peak.push(held);
    saving.push(held - before);
  }
  const { peakBytes: peakAfter } = await executable.plan();
  await executable.dispose();
  const whole = (numbers: number[]) => Math.round(median(numbers));
  return {
    engine: engine.name,
    'load ms': Math.round(load),
    'engine MB after it': Math.round(peakBytes / 1e6),
    'read ms': whole(read),
    'write ms': whole(write),
    'owner MB': whole(peak),
    'of these for saving': whole(saving),
    'engine MB in the end': Math.round(peakAfter / 1e6),
  };
}

const folder = await mkdtemp(join(tmpdir(), 'skein-save-'));
try {
  const rows = [];
  for (const engine of [onednn, onnxruntime])
    if (positionals.length === 0 || positionals.includes(engine.name)) rows.push(await measure(engine, folder));
  console.table(rows);
} finally {
  await rm(folder, { recursive: true });
}
