/** `skein explain`, as its users call it. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveCheckpoint } from '../src/checkpoint/index.ts';
import { encodePng } from '../src/data/index.ts';
import { makeFolder } from '../src/files/index.ts';
import { skein } from './run-skein.ts';
import { smallCheckpoint, smallImage } from './small-checkpoint.ts';

let folder: string;
let checkpoint: string;
let photos: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-cli-explain-'));
  checkpoint = join(folder, 'small.safetensors');
  await saveCheckpoint(checkpoint, smallCheckpoint());
  photos = join(folder, 'photos');
  for (const [at, label] of ['ant', 'bee', 'cow', 'dog'].entries()) {
    await makeFolder(join(photos, label));
    for (let i = 0; i < 2; i++)
      await writeFile(join(photos, label, `${i}.png`), await encodePng(smallImage(2 * at + i)));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const quick = ['--engine', 'evaluator', '--threads', '1', '-j', '0'];

interface Entry {
  readonly image: string;
  readonly truth: string | null;
  readonly label: string;
  readonly method: string;
  readonly layer: string | null;
  readonly file: string;
  readonly insertion: number | null;
  readonly deletion: number | null;
  readonly verdict: string | null;
}

it('writes a picture and a map for each image, label and method, and a page that needs nothing else', async () => {
  const [photo, out] = [join(photos, 'bee', '0.png'), join(folder, 'one')];
  const { code, stdout, stderr } = await skein(
    'explain',
    checkpoint,
    photo,
    '--method',
    'grad-cam,occlusion',
    '--out',
    out,
    ...quick,
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain(photo);
  expect(stdout).toMatch(/Grad-CAM at stage2 {2}\S+1-0-gradCam-\w+\.png/);
  expect(stdout).toMatch(/insertion 0\.\d{3} \(random 0\.\d{3}\) {2}deletion 0\.\d{3} \(random 0\.\d{3}\)/);
  expect(stdout).toContain(`written  ${join(out, 'explanation.html')}`);
  const files = (await readdir(out)).map((name) => name.replace(/-(ant|bee|cow|dog)\./, '-LABEL.')).sort();
  expect(files).toEqual([
    ...['1-0-gradCam-LABEL.npy', '1-0-gradCam-LABEL.png', '1-0-occlusion-LABEL.npy', '1-0-occlusion-LABEL.png'],
    'explanation.html',
  ]);
  const page = await readFile(join(out, 'explanation.html'), 'utf8');
  expect(page).toContain('<h1>What <bdi>two-stages</bdi> looks at</h1>');
  // but the links to the pictures beside it
  expect(page.match(/(src|href)="(?!data:|#)[^"]*"/g)?.every((link) => /^href="1-0-\w+-\w+\.png"$/.test(link))).toBe(
    true,
  );
});

it('explains the surest mistakes for both labels, and prints JSON', async () => {
  const out = join(folder, 'wrong');
  const words = ['--data', photos, '--split', 'all', '--mistakes', '2', '--train-data', photos, '-k', '2'];
  const { code, stdout } = await skein(
    'explain',
    checkpoint,
    ...words,
    '--method',
    'gradCam',
    '--json',
    '--out',
    out,
    ...quick,
  );
  expect(code).toBe(0);
  const entries = JSON.parse(stdout) as Entry[];
  expect(entries).toHaveLength(4);
  for (const { image, truth, label, method, layer, file, insertion, deletion, verdict } of entries) {
    expect(image.startsWith(`${truth}/`)).toBe(true);
    expect([method, layer]).toEqual(['gradCam', 'stage2']);
    expect(await readdir(out)).toContain(basename(file));
    expect([typeof label, typeof insertion, typeof deletion, typeof verdict]).toEqual([
      'string',
      'number',
      'number',
      'string',
    ]);
  }
  const [first, second] = entries;
  expect(first?.image).toBe(second?.image);
  expect(first?.label).not.toBe(first?.truth);
  expect(second?.label).toBe(second?.truth);
  expect(await readFile(join(out, 'explanation.html'), 'utf8')).toContain('Training images most like it');
});

it('leaves checks out where nobody asks for them, and goes on after an image that cannot be read', async () => {
  await writeFile(join(folder, 'torn.png'), 'not an image');
  const images = [join(folder, 'torn.png'), join(photos, 'ant', '0.png')];
  const out = join(folder, 'torn');
  const { code, stdout, stderr } = await skein(
    'explain',
    checkpoint,
    ...images,
    '--method',
    'gradCam',
    '--no-checks',
    '--json',
    '--out',
    out,
    ...quick,
  );
  expect(code).toBe(1);
  expect(stderr).toContain('torn.png');
  const [entry, ...more] = JSON.parse(stdout) as Entry[];
  expect(more).toEqual([]);
  expect(entry).toMatchObject({ image: images[1], insertion: null, deletion: null, verdict: null });
});

it('passes over images of the data that cannot be read where it is asked to, and else says how', async () => {
  const torn = join(folder, 'torn-photos');
  await cp(photos, torn, { recursive: true });
  await writeFile(join(torn, 'ant', '0.png'), 'not an image');
  const words = ['--data', torn, '--split', 'all', '--mistakes', '1', '--train-data', torn, '-k', '1', '--no-checks'];
  const run = (...more: string[]) =>
    skein('explain', checkpoint, ...words, '--method', 'gradCam', '--out', join(folder, 'over'), ...quick, ...more);
  const stopped = await run();
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain('--on-bad-image skip passes over such files');
  const { code, stdout } = await run('--on-bad-image', 'skip');
  expect(code).toBe(0);
  expect(stdout).toMatch(/passed over: \S*0\.png/);
  expect(stdout).toContain('1 image could not be read and was passed over');
  expect(stdout).toContain('written  ');
});

it('stops at Ctrl-C, writes nothing and says so', async () => {
  const out = join(folder, 'stopped');
  const before = new Set(process.listeners('SIGINT'));
  const running = skein('explain', checkpoint, photos, '--out', out, ...quick);
  let listener: NodeJS.SignalsListener | undefined;
  while (!listener) {
    await new Promise((resolve) => setImmediate(resolve));
    listener = process.listeners('SIGINT').find((one) => !before.has(one));
  }
  listener('SIGINT');
  const { code, stdout, stderr } = await running;
  expect([code, stderr]).toEqual([130, '']);
  expect(stdout).toContain('Stopped; nothing was written');
  expect(await readdir(folder)).not.toContain('stopped');
  expect(process.listeners('SIGINT').filter((one) => !before.has(one))).toEqual([]);
});

it.each([
  [[], 'name images, or mistakes: --data DATA --mistakes 8', 2],
  [['a.png', '--data', 'photos', '--mistakes', '2'], 'images and --data are both given', 2],
  [['--data', 'photos'], '--data is for mistakes: say how many with --mistakes 8', 2],
  [['a.png', '-k', '3'], '-k is of training images: name them with --train-data DATA', 2],
  [['a.png', '--method', 'lime'], '--method: the method `lime` is not one of Skein', 1],
  [['a.png', '--label', 'cat'], 'expected one of the network', 1],
])('refuses %j', async (words, message, expected) => {
  const { code, stderr } = await skein('explain', checkpoint, ...words, '--out', join(folder, 'never'), ...quick);
  expect(stderr).toContain(message);
  expect(code).toBe(expected);
});

it('refuses a file in the place of its folder before it explains anything', async () => {
  const [photo, out] = [join(photos, 'ant', '0.png'), join(folder, 'taken')];
  await writeFile(out, 'mine');
  const { code, stdout, stderr } = await skein('explain', checkpoint, photo, '--out', out, ...quick);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(`${out} is a file, and an explanation is a folder`);
  expect(await readFile(out, 'utf8')).toBe('mine');
});
