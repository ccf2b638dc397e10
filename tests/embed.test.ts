/** `skein embed` from pictures to files, scores and nearest images. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Papa from 'papaparse';
import sharp from 'sharp';
import { type Classifier, imageFolder, loadClassifier } from 'skein';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { embedData } from '../src/trained/index.ts';
import { keptFolder } from './kept-runs/facts.ts';
import { skein } from './run-skein.ts';

const checkpoint = join(keptFolder('residual'), 'last.safetensors');
const evaluator = ['--engine', 'evaluator', '-j', '0'];

let folder: string;
let classifier: Classifier;
const at = (...names: string[]) => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-embed-'));
  classifier = await loadClassifier(checkpoint, { engine: 'evaluator' });
  for (const [i, name] of ['blue', 'red'].entries()) {
    await pictures(6, i, 'two', name);
    await pictures(4, i, 'parts', 'train', name);
    await pictures(2, i, 'parts', 'test', name);
    await pictures(3, i, 'bad', name);
  }
  await writeFile(at('bad', 'red', '1.png'), 'no picture');
});
afterAll(async () => {
  await classifier.dispose();
  await rm(folder, { recursive: true });
});

/** Of two colours that differ more than those of one class do; as large as those of the kept run. */
async function pictures(count: number, label: number, ...names: string[]): Promise<void> {
  await mkdir(at(...names), { recursive: true });
  for (let i = 0; i < count; i++) {
    const [far, near] = [200 + 9 * i, 20 + 7 * i];
    const background = label === 0 ? { r: near, g: 30, b: far } : { r: far, g: 30, b: near };
    await sharp({ create: { width: 8, height: 8, channels: 3, background } }).toFile(at(...names, `${i}.png`));
  }
}

const embedded = async (...words: string[]) => {
  const { code, stdout, stderr } = await skein('embed', checkpoint, ...words, ...evaluator, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
};

const table = async (file: string) =>
  Papa.parse<string[]>(await readFile(file, 'utf8'), { skipEmptyLines: true }).data as string[][];

it('an .npy and its rows hold what the classifier gives for each picture', async () => {
  const file = at('features.npy');
  const { images, features, ...rest } = await embedded('--data', at('two'), '--out', file);
  expect(images).toBe(12);
  expect(rest).toEqual({
    file,
    probe: { top1: 1 },
    nearest: { top1: 1, k: 5 },
  });
  const bytes = await readFile(file);
  const header = bytes.subarray(0, 128).toString('latin1');
  expect(header.startsWith('\x93NUMPY\x01\x00\x76\x00')).toBe(true);
  expect(header.slice(10).trimEnd()).toBe(`{'descr': '<f4', 'fortran_order': False, 'shape': (12, ${features}), }`);
  expect(header.endsWith(' \n')).toBe(true);
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset + 128, bytes.byteOffset + bytes.length));
  const [head, ...rows] = await table(at('features.rows.csv'));
  expect([head, rows.length, numbers.length]).toEqual([['id', 'split', 'label'], 12, 12 * features]);
  for (const [i, [id = '', split, label]] of rows.entries()) {
    expect([split, label]).toEqual(['all', id.split('/')[0]]);
    const { data } = await classifier.features(at('two', id));
    expect(numbers.slice(i * features, (i + 1) * features)).toBeClose(data as Float32Array);
  }
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('a .csv has the same numbers, to the last bit', async () => {
  const { features } = await embedded('--data', at('two'), '--out', at('both.npy'));
  await embedded('--data', at('two'), '--out', at('both.csv'), '--no-scores');
  const [head = [], ...rows] = await table(at('both.csv'));
  expect(head.slice(0, 5)).toEqual(['id', 'split', 'label', 'f0', 'f1']);
  const bytes = await readFile(at('both.npy'));
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset + 128, bytes.byteOffset + bytes.length));
  const read = Float32Array.from(rows.flatMap((row) => row.slice(3).map(Number)));
  expect([head.length, Buffer.compare(Buffer.from(read.buffer), Buffer.from(numbers.buffer))]).toEqual([
    features + 3,
    0,
  ]);
  expect(rows.map((row) => row.slice(0, 3))).toEqual((await table(at('both.rows.csv'))).slice(1));
});

const python = '/usr/bin/python3';
const withNumpy = await promisify(execFile)(python, ['-c', 'import numpy']).then(
  () => true,
  () => false,
);

it.runIf(withNumpy)('NumPy reads the .npy (skipped where /usr/bin/python3 has no numpy)', async () => {
  const { features } = await embedded('--data', at('two'), '--out', at('numpy.npy'), '--no-scores');
  const read = `import numpy, sys; a = numpy.load(sys.argv[1]); print(a.dtype, a.shape, repr(float(a[11, 1])))`;
  const { stdout } = await promisify(execFile)(python, ['-c', read, at('numpy.npy')]);
  const [dtype, ...others] = stdout.trim().split(' ');
  const value = (await readFile(at('numpy.npy'))).readFloatLE(128 + 4 * (11 * features + 1));
  expect([dtype, others.join(' ')]).toEqual(['float32', `(12, ${features}) ${value}`]);
});

it('of data in parts the training images are known and the test images scored; --split takes one part', async () => {
  const words = ['--data', at('parts'), '--out', at('parts.npy')];
  const { images, probe, nearest } = await embedded(...words);
  expect([images, probe, nearest]).toEqual([12, { top1: 1 }, { top1: 1, k: 5 }]);
  const splits = (await table(at('parts.rows.csv'))).slice(1).map(([, split]) => split);
  expect(splits).toEqual([...Array(8).fill('train'), ...Array(4).fill('test')]);
  const { stdout } = await skein('embed', checkpoint, ...words, ...evaluator);
  expect(stdout).toContain('8 images of train known, test scored');
  expect((await embedded(...words, '--split', 'test')).images).toBe(4);
  expect((await embedded(...words, '--split', 'all')).nearest).toEqual({ top1: 1, k: 5 });
  const missing = await skein('embed', checkpoint, ...words, '--split', 'validation', ...evaluator);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('it has train, test')]);
});

it('lists the images nearest to one, and draws them', async () => {
  const query = at('two', 'red', '3.png');
  const { neighbours } = await embedded(
    '--data',
    at('two'),
    '--nearest',
    query,
    '-k',
    '4',
    '--sheet',
    at('near.png'),
    '-b',
    '4',
  );
  expect(neighbours).toHaveLength(4);
  // the image itself is none of them
  expect(neighbours.map(({ id }: { id: string }) => id)).toContain('red/2.png');
  expect(neighbours.map(({ id }: { id: string }) => id)).not.toContain('red/3.png');
  expect(neighbours[0]).toEqual({ id: expect.any(String), split: 'all', label: 'red', distance: expect.any(Number) });
  expect(neighbours.map(({ label }: { label: string }) => label)).toEqual(Array(4).fill('red'));
  const distances = neighbours.map(({ distance }: { distance: number }) => distance);
  expect(distances).toEqual([...distances].sort((a, b) => a - b));
  const { width = 0, height = 0 } = await sharp(at('near.png')).metadata();
  expect(width).toBeGreaterThan(3 * height);
});

it('leaves out what cannot be read where it is told to, and else writes nothing', async () => {
  const words = ['--data', at('bad'), '--out', at('bad.npy')];
  const stopped = await skein('embed', checkpoint, ...words, ...evaluator);
  expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringContaining('--on-bad-image skip')]);
  expect((await readdir(folder)).filter((name) => /bad\.|tmp/.test(name))).toEqual([]);
  expect((await embedded(...words, '--on-bad-image', 'skip')).images).toBe(5);
  expect(await table(at('bad.rows.csv'))).toHaveLength(6);
});

it('takes a folder of pictures of no known class, whose features have no scores', async () => {
  const words = ['--data', at('two', 'red'), '--out', at('plain.npy'), '--nearest', at('two', 'red', '2.png')];
  const labelled = await skein('embed', checkpoint, ...words, ...evaluator);
  expect([labelled.code, labelled.stderr]).toEqual([1, expect.stringContaining('--unlabelled takes all images')]);
  const { images, probe, nearest, neighbours } = await embedded(...words, '--unlabelled');
  expect([images, probe, nearest]).toEqual([6, null, null]);
  const others = ['0.png', '1.png', '3.png', '4.png', '5.png'];
  expect(neighbours.map(({ id }: { id: string }) => id).sort()).toEqual(others);
  await cp(at('two', 'red', '2.png'), at('copy.png'));
  words[words.length - 1] = at('copy.png');
  expect((await embedded(...words, '--unlabelled')).neighbours[0]).toMatchObject({ id: '2.png', label: '' });
  expect((await table(at('plain.rows.csv')))[1]).toEqual(['0.png', 'all', '']);
});

it('takes another layer, and names the nearest where there is none of that name', async () => {
  const words = ['--data', at('two'), '--no-scores', '--layer'];
  const { features, probe, nearest } = await embedded(...words, 'stage1');
  expect([features, probe, nearest]).toEqual([
    (await classifier.values(at('two', 'red', '0.png'), ['stage1'])).get('stage1')?.shape[0],
    null,
    null,
  ]);
  const missing = await skein('embed', checkpoint, ...words, 'stag1', ...evaluator);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('did you mean stage1?')]);
});

it('refuses files of other kinds and a sheet of nothing before any work', async () => {
  const named = await skein('embed', checkpoint, '--data', at('nowhere'), '--out', 'features.txt');
  expect([named.code, named.stderr]).toEqual([1, expect.stringContaining('ends in .npy or .csv')]);
  const sheet = await skein('embed', checkpoint, '--data', at('two'), '--sheet', 'near.png');
  expect([sheet.code, sheet.stderr]).toEqual([2, expect.stringContaining('--nearest photo.jpg')]);
});

it('what is stopped leaves no file behind', async () => {
  const stop = new AbortController();
  const into = at('stopped');
  await mkdir(into);
  const options = { out: join(into, 'features.npy'), workers: 0, signal: stop.signal, onProgress: () => stop.abort() };
  const { train, test } = await imageFolder(at('parts'), { size: 8 });
  await expect(embedData(classifier, { train, ...(test && { test }) }, options)).rejects.toThrow(/aborted/);
  expect(await readdir(into)).toEqual([]);
});
