/** `skein eval --corruptions` and `evaluate` with corruptions, of a network that says which colour an image has most of. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import {
  corruptionsOf,
  defineCorruption,
  defineNetwork,
  evaluate,
  globalAveragePool,
  linear,
  memoryDataset,
} from 'skein';
import { saveCheckpoint } from 'skein/checkpoint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../src/files/index.ts';
import { graphToJson } from '../src/ir/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { tensor } from '../src/tensor/index.ts';
import { skein } from './run-skein.ts';

const classes = ['red', 'green', 'blue'];
const side = 8;
let folder: string;
let network: string;
const run = (...words: string[]) =>
  skein('eval', network, '--data', join(folder, 'colours'), '--engine', 'evaluator', ...words);

/** Of six images of a class, one is of the next colour. */
const colour = (label: number, i: number): [number, number, number] =>
  [0, 1, 2].map((channel) => (channel === (i === 0 ? (label + 1) % 3 : label) ? 190 : 90 + i)) as [
    number,
    number,
    number,
  ];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-corrupted-'));
  for (const [label, name] of classes.entries()) {
    await makeFolder(join(folder, 'colours', 'test', name));
    for (let i = 0; i < 6; i++) {
      const [r, g, b] = colour(label, i);
      const image = sharp({ create: { width: side, height: side, channels: 3, background: { r, g, b } } });
      await image.png().toFile(join(folder, 'colours', 'test', name, `${i}.png`));
    }
  }
  network = join(folder, 'network.safetensors');
  const most = defineNetwork('most', (image) => linear(globalAveragePool(image), 3, { name: 'classifier' }));
  const size = { channels: 3, height: side, width: side };
  await saveCheckpoint(network, {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: 'most', options: {} },
    graph: graphToJson(predictionProgram({ network: most, image: size, classes: 3, batchSize: 1 })),
    classes,
    preprocessing: { ...size, mean: [0, 0, 0], std: [1, 1, 1] },
    tensors: new Map([
      ['classifier.weight', tensor('float32', [3, 3], Float32Array.of(9, 0, 0, 0, 9, 0, 0, 0, 9))],
      ['classifier.bias', tensor('float32', [3], new Float32Array(3))],
    ]),
  });
});
afterAll(() => rm(folder, { recursive: true }));

it('the command prints accuracy by severity, and the same as JSON', async () => {
  const words = ['--corruptions', 'contrast,frost,gaussian-blur', '--severities', '1,5', '-j', '0'];
  const { stdout, code } = await run(...words);
  expect(code).toBe(0);
  // one colour has no contrast to lose, and is not blurred
  expect(stdout).toMatch(/severity\s+1\s+5\s+mean/);
  expect(stdout).toMatch(/digital\s+83\.3\n\s+contrast\s+83\.3\s+83\.3\s+83\.3/);
  expect(stdout).toMatch(/gaussian blur \+\s+83\.3\s+83\.3\s+83\.3/);
  expect(stdout).toMatch(/frost \*/);
  expect(stdout).toContain('mean accuracy over 1 corruption: 83.33 %');
  const json = JSON.parse((await run(...words, '--json')).stdout);
  expect(json.corruptions).toHaveLength(6);
  expect(json.corruptions.at(-1)).toEqual({
    name: 'contrast',
    category: 'digital',
    standing: 'benchmark',
    severity: 5,
    top1: 15 / 18,
  });
  expect(json.corrupted).toEqual({ top1: 15 / 18, over: 1 });
});

it('a few images are spread over the classes', async () => {
  const { total } = JSON.parse((await run('--limit', '6', '--json')).stdout);
  expect(total).toBe(6);
});

it('names and severities that there are not are told before anything is measured', async () => {
  const wrong = await run('--corruptions', 'rain');
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('the corruption `rain` is not one of Skein’s'.replace('’', "'"));
  expect((await run('--corruptions', 'fog', '--severities', '6')).code).toBe(2);
  const alone = await run('--severities', '3');
  expect(alone.code).toBe(2);
  expect(alone.stderr).toContain('--severities: expected --corruptions too');
});

it('the page shows what each corruption does, and how the network bears it', async () => {
  const page = join(folder, 'page.html');
  await run('--corruptions', 'noise,fog', '--severities', '3', '-j', '0', '--out', page);
  const html = await readFile(page, 'utf8');
  expect(html).toContain('When images are spoilt');
  expect(html.match(/An image under [a-z ]+ at severity 3/g)).toHaveLength(5);
});

it('in code a corruption of one’s own is measured beside Skein’s, the same with threads as without', async () => {
  const five = [0, 0, 0, 0, 0] as const;
  const inverted = defineCorruption({
    name: 'inverted',
    about: 'inverts levels',
    category: 'digital',
    large: five,
    small: five,
    apply: (image) => ({ ...image, pixels: image.pixels.map((level) => 255 - level) }),
  });
  const data = memoryDataset({
    name: 'colours',
    classes,
    ...{ channels: 3, height: side, width: side },
    pixels: Uint8Array.from({ length: 3 * 3 * side * side }, (_, i) => {
      const [label, channel] = [Math.floor(i / (3 * side * side)), Math.floor(i / (side * side)) % 3];
      return channel === label ? 200 : 50;
    }),
    labels: [0, 1, 2],
  });
  const corruptions = [inverted(), ...corruptionsOf('noise', [5])];
  const scores = await Promise.all(
    [0, 2].map(async (workers) => {
      const options = { data, corruptions, workers, engine: 'evaluator', batchSize: 2 };
      return (await evaluate(network, options)).score.corruptions;
    }),
  );
  expect(scores[0]?.[0]).toMatchObject({ name: 'inverted', top1: 0, correct: 0, total: 3 });
  expect(scores[1]).toEqual(scores[0]);
});
