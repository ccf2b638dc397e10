/** What a run changes its images by where nobody says, and training on batches that are mixed. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import {
  augmentationSet,
  bce,
  crossEntropy,
  cutmix,
  findModel,
  flip,
  imageFolder,
  memoryDataset,
  memorySink,
  mix,
  mixup,
  repeatedAugmentation,
  type TrainOptions,
  train,
} from 'skein';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRun } from './read-run.ts';
import { skein } from './run-skein.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-augment-'));
  for (const [label, name] of ['cats', 'dogs'].entries()) {
    await mkdir(at('photos', name), { recursive: true });
    for (let i = 0; i < 6; i++) {
      const data = Buffer.from(
        Array.from({ length: 300 }, (_, at) => (label * 90 + i * 37 + ((at * (i + 3)) % 91)) % 256),
      );
      await sharp(data, { raw: { width: 10, height: 10, channels: 3 } }).toFile(at('photos', name, `${i}.png`));
    }
  }
});
afterAll(() => rm(folder, { recursive: true }));

const options = (out: string): TrainOptions => ({
  model: findModel('resnet8'),
  data: at('photos'),
  imageSize: 8,
  epochs: 2,
  batchSize: 4,
  engine: 'evaluator',
  out: at(out),
});
const firstEpoch = { callbacks: [{ onEpoch: () => 'stop' as const }] };
const namesOf = (augment: TrainOptions['augment'] = []) => augment.map(({ name }) => name);

it('images from a folder are changed as `standard` has it, in code and by the command; the run records the list', async () => {
  await train({ ...options('usual'), ...firstEpoch });
  const { augment } = await readRun(at('usual'));
  const standard = augmentationSet('standard').map(({ name, options: own }) => ({ name, ...own }));
  expect(augment).toEqual(JSON.parse(JSON.stringify(standard)));

  const words = ['--data', at('photos'), '--engine', 'evaluator', '--image-size', '8', '--epochs', '1', '-b', '4'];
  const { code, stdout } = await skein('train', 'resnet8', ...words, '--out', at('by-command'));
  expect([code, stdout]).toEqual([0, expect.stringContaining('augmentation standard: randomResizedCrop')]);
  expect((await readRun(at('by-command'))).augment).toEqual(augment);
  await skein('train', 'resnet8', ...words, '--augment', 'none', '--out', at('none'));
  expect((await readRun(at('none'))).augment).toEqual([]);
});

it('a run goes on with what it recorded, whatever the default is', async () => {
  await train({ ...options('plain'), augment: [], ...firstEpoch });
  await train({ ...options('plain'), resume: true });
  await train({ ...options('flips'), augment: [flip()], ...firstEpoch });
  const run = await train({ ...options('flips'), resume: true });
  expect(run.epochs.map(({ epoch }) => epoch)).toEqual([2]);
  expect((await readRun(at('flips'))).augment).toMatchObject([{ name: 'flip' }]);
});

it('what is in memory stays as it is, and what a reader of folders gives is changed', async () => {
  const out = memorySink();
  const dataset = memoryDataset({
    name: 'made',
    classes: ['a', 'b'],
    channels: 1,
    height: 8,
    width: 8,
    pixels: Uint8Array.from({ length: 8 * 64 }, (_, i) => (i * 37) % 251),
    labels: [0, 1, 0, 1, 0, 1, 0, 1],
  });
  const normalisation = { mean: [0.5], std: [0.5] };
  const data = { train: dataset, validation: dataset, normalisation };
  const starts: string[] = [];
  const callbacks = [
    {
      onStart: ({ recipe }: { recipe: readonly (readonly [string, string])[] }) => {
        starts.push(new Map(recipe).get('augmentation') as string);
      },
    },
  ];
  const { imageSize, ...rest } = options('');
  await train({ ...rest, data, out, epochs: 1, callbacks });
  await train({
    ...options(''),
    data: await imageFolder(at('photos'), { size: 8 }),
    out: memorySink(),
    epochs: 1,
    callbacks,
  });
  expect(starts[0]).toBe('none');
  expect(starts[1]).toMatch(/^standard: randomResizedCrop: scale \[0.35,1\], /);
});

it.each([
  ['mixup and cross entropy', [mixup()], crossEntropy()],
  [
    'cutmix, repeats and smoothed cross entropy',
    [repeatedAugmentation(), cutmix()],
    crossEntropy({ labelSmoothing: 0.1 }),
  ],
  ['mix and binary cross entropy', [...augmentationSet('light'), mix()], bce()],
  ['strong', augmentationSet('strong'), crossEntropy()],
])('%s train on shares of classes, and go on to the same weights', async (name, augment, loss) => {
  // its state is what a checkpoint holds, to the bit
  const engine = 'onnxruntime';
  const whole = await train({ ...options(`${name} whole`), augment, loss, engine });
  expect(whole.epochs.every(({ train: measured }) => Number.isFinite(measured.loss))).toBe(true);
  await train({ ...options(name), augment, loss, engine, ...firstEpoch });
  const rest = await train({ ...options(name), augment, loss, engine, resume: true });
  expect(rest.epochs.at(-1)?.validation).toEqual(whole.epochs.at(-1)?.validation);
  expect(namesOf(augment)).toEqual((await readRun(at(name))).augment.map((one: { name: string }) => one.name));
});
