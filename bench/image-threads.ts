/**
 * What preparing images costs a training step: images per second of steps on image files, in turns with steps on the same pixels from memory.
 * Of each way the median over rounds, and its share of memory's.
 *
 * usage: tsx bench/image-threads.ts FOLDER [MODEL] [SIZE] [ENGINE] [ROUNDS] [STEPS] [BATCH]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { flip, padCrop } from '../src/augmentations/index.ts';
import { type Dataset, imageFolder, memoryDataset } from '../src/data/index.ts';
import { chooseEngine } from '../src/engines/index.ts';
import { initialState } from '../src/ir/index.ts';
import { findModel } from '../src/models/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { Pipeline } from '../src/pipeline/index.ts';
import { stepInputs, stepProgram } from '../src/step/index.ts';

const [folder, model = 'resnet20', side = '64', engineName = 'auto', rounds = '5', steps = '15', batch = '64'] =
  process.argv.slice(2);
if (folder === undefined)
  throw new Error('usage: image-threads.ts FOLDER [MODEL] [SIZE] [ENGINE] [ROUNDS] [STEPS] [BATCH]');
const [size, batchSize, perTurn] = [Number(side), Number(batch), Number(steps)];

const { train: files, normalisation } = await imageFolder(resolve(folder), { size });
const samples = await Promise.all(Array.from({ length: files.length }, (_, i) => files.read(i)));
const image = { channels: 3, height: size, width: size };
const area = 3 * size * size;
const pixels = new Uint8Array(area * samples.length);
for (const [i, sample] of samples.entries()) pixels.set(sample.image.pixels, i * area);
const labels = samples.map(({ label }) => label);
const memory = memoryDataset({ name: 'memory', classes: files.classes, ...image, pixels, labels });

const program = stepProgram({
  network: findModel(model),
  image,
  classes: files.classes.length,
  batchSize,
  optimiser: sgd(),
});
const { engine } = await chooseEngine(engineName, 'train');
const executable = await engine.compile({ step: program });
await executable.load(initialState(program.graph, 0));

const cache = await mkdtemp(join(tmpdir(), 'skein-pictures-'));
const workers = Number(process.env.WORKERS ?? 1);
const ways: readonly (readonly [name: string, dataset: Dataset, pipeline: Pipeline])[] = [
  ['memory', memory, new Pipeline({ workers: 0, cache: 'off' })],
  ['files, decoded each time', files, new Pipeline({ workers, cache: 'off' })],
  ['files, kept in memory', files, new Pipeline({ workers, cache: 4e9 })],
  ['files, kept on disk', files, new Pipeline({ workers, cache })],
  ['files, kept in memory, no thread', files, new Pipeline({ workers: 0, cache: 4e9 })],
];

/** An epoch after the other, for ever. */
async function* batchesOf(dataset: Dataset, pipeline: Pipeline) {
  const order = Uint32Array.from({ length: dataset.length }, (_, i) => i);
  for (let epoch = 0; ; epoch++)
    yield* pipeline.batches({ dataset, order, batchSize, normalisation, augment: [padCrop(), flip()], epoch, image });
}

const loops = ways.map(([, dataset, pipeline]) => batchesOf(dataset, pipeline));
const turn = async (at: number, count: number): Promise<number> => {
  const began = performance.now();
  for (let step = 0; step < count; step++) {
    const { value } = await (loops[at] as ReturnType<typeof batchesOf>).next();
    if (value) await executable.run('step', stepInputs(program, value, 0.01, 0, step));
  }
  return (count * batchSize * 1000) / (performance.now() - began);
};

// every file once, so that what can be kept is kept
for (const at of ways.keys()) for (let step = 0; step * batchSize < files.length; step++) await loops[at]?.next();
const rates: number[][] = ways.map(() => []);
for (let round = 0; round < Number(rounds); round++)
  for (const at of ways.keys()) {
    // what was prepared while the others had their turn does not count
    await turn(at, 3);
    rates[at]?.push(await turn(at, perTurn));
  }

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;
console.log(`${model} at ${size} pixels, batches of ${batchSize}, ${engine.name}, ${workers} workers: images/s`);
for (const [at, [name]] of ways.entries()) {
  const rate = median(rates[at] as number[]);
  const shares = (rates[at] as number[]).map((one, round) => one / (rates[0]?.[round] as number));
  console.log(`  ${name.padEnd(34)} ${rate.toFixed(0).padStart(6)}  ${median(shares).toFixed(2)} of memory`);
}
for (const [, , pipeline] of ways) await pipeline.close();
await executable.dispose();
await rm(cache, { recursive: true });
