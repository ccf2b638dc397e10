import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skein } from './run-skein.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-data-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Survey {
  readonly classes: readonly string[];
  readonly splits: readonly { name: string; samples: number; counts: number[]; images?: Record<string, unknown> }[];
  readonly problems: readonly { severity: string; kind: string; message: string; path?: string }[];
}

async function surveyed(...words: string[]): Promise<Survey> {
  const { code, stdout } = await skein('data', ...words, '--no-time', '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Survey;
}

async function picture(path: string, width = 20, height = 10): Promise<void> {
  await sharp({ create: { width, height, channels: 3, background: '#336699' } }).toFile(path);
}

async function classFolder(path: string, images: number): Promise<void> {
  await mkdir(path, { recursive: true });
  for (let i = 0; i < images; i++) await picture(join(path, `${i}.png`));
}

/** Idx files of 4×4 images with `counts` images of each class. */
async function idxFolder(path: string, counts: readonly number[]): Promise<void> {
  await mkdir(path);
  const labels = counts.flatMap((count, label) => new Array<number>(count).fill(label));
  const header = (...fields: number[]) => {
    const bytes = Buffer.alloc(4 * fields.length);
    fields.forEach((field, i) => {
      bytes.writeUInt32BE(field, 4 * i);
    });
    return bytes;
  };
  const pixels = Buffer.alloc(16 * labels.length, 7);
  await writeFile(join(path, 'classes.txt'), counts.map((_, label) => `kind ${label}`).join('\n'));
  await writeFile(join(path, 'train-images-idx3-ubyte'), Buffer.concat([header(0x803, labels.length, 4, 4), pixels]));
  await writeFile(
    join(path, 'train-labels-idx1-ubyte'),
    Buffer.concat([header(0x801, labels.length), Buffer.from(labels)]),
  );
}

describe('skein data', () => {
  it('prints splits, classes and sizes of the shipped sample as JSON', async () => {
    const { stdout } = await skein('data', 'fashion-mnist-sample', '--no-time', '--json');
    const survey = JSON.parse(stdout) as Survey;
    expect(Object.keys(survey)).toEqual(['name', 'classes', 'splits', 'normalisation', 'problems', 'next']);
    const size = { height: 28, width: 28 };
    const images = (count: number) => ({
      sizes: 1,
      smallest: size,
      largest: size,
      commonest: { ...size, count },
      channels: [{ channels: 1, count }],
    });
    expect(survey).toMatchObject({
      name: 'fashion-mnist-sample',
      normalisation: { mean: [0.286], std: [0.353] },
      problems: [],
      splits: [
        { name: 'train', samples: 6000, counts: new Array(10).fill(600), images: images(6000) },
        { name: 'test', samples: 1000, counts: new Array(10).fill(100), images: images(1000) },
      ],
    });
  });

  it('prints a bar for each class', async () => {
    const { code, stdout, stderr } = await skein('data', 'fashion-mnist-sample', '--no-time');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}Ankle boot +600 +100 {2}█{24}$/m);
    expect(stdout).toMatch(/^problems +none found$/m);
    expect(stdout).toContain('skein train resnet20 --data fashion-mnist-sample --epochs 30');
  });

  it('folds a hundred classes to the largest and the smallest, and lists all where asked', async () => {
    const path = join(folder, 'many');
    await idxFolder(
      path,
      Array.from({ length: 120 }, (_, label) => 1 + (label % 9)),
    );
    const { stdout } = await skein('data', path, '--no-time');
    expect(stdout).toContain('… 100 more classes with 1 to 9 images each (--all lists them)');
    expect(stdout.split('\n').length).toBeLessThan(40);
    expect((await skein('data', path, '--no-time', '--all')).stdout.match(/^ {2}kind \d+ /gm)).toHaveLength(120);
  });

  it('finds everything that is wrong with an image folder, and still counts the rest', async () => {
    const path = join(folder, 'broken');
    await classFolder(join(path, 'train', 'a'), 22);
    await classFolder(join(path, 'train', 'b'), 1);
    await classFolder(join(path, 'train', 'c'), 0);
    await classFolder(join(path, 'train', 'b', 'deeper'), 1);
    await classFolder(join(path, 'val', 'a'), 1);
    await classFolder(join(path, 'val', 'z'), 1);
    await picture(join(path, 'train', 'a', 'wide.webp'), 40, 10);
    await writeFile(join(path, 'train', 'a', 'text.jpg'), 'no picture');
    const whole = await sharp({ create: { width: 99, height: 99, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    await writeFile(join(path, 'val', 'a', 'cut.jpg'), whole.subarray(0, whole.length - 40));

    const { splits, problems } = await surveyed(path);
    expect(splits.map(({ name, samples, counts }) => [name, samples, counts])).toEqual([
      ['train', 26, [24, 2, 0]],
      ['validation', 2, [2, 0, 0]],
    ]);
    expect(splits[0]?.images).toEqual({
      sizes: 2,
      smallest: { height: 10, width: 20 },
      largest: { height: 10, width: 40 },
      commonest: { height: 10, width: 20, count: 24 },
      channels: [{ channels: 3, count: 25 }],
    });
    const found = problems.map(({ severity, kind, path: at }) => [severity, kind, at?.slice(path.length + 1)]);
    expect(found).toEqual([
      ['error', 'empty class', join('train', 'c')],
      ['error', 'unknown class', 'val'],
      ['warning', 'missing class', 'val'],
      ['error', 'unreadable image', join('train', 'a', 'text.jpg')],
      ['error', 'unreadable image', join('val', 'a', 'cut.jpg')],
      ['warning', 'same image', join('train', 'a', '0.png')],
      ['warning', 'imbalance', undefined],
    ]);

    const { code, stdout } = await skein('data', path, '--no-time');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^4 problems to repair before training\n {2}.*train.c: expected images of class `c`/m);
    expect(stdout).not.toContain('skein train');
    const sheet = join(folder, 'broken.png');
    expect(await skein('data', path, '--no-time', '--sheet', sheet)).toMatchObject({ code: 0 });
    expect((await sharp(sheet).metadata()).format).toBe('png');
  });

  it('finds, in the words of training, that nothing can be held out of one image per class', async () => {
    const path = join(folder, 'singles');
    await classFolder(join(path, 'train', 'a'), 1);
    await classFolder(join(path, 'train', 'b'), 1);
    await idxFolder(join(folder, 'single-idx'), [1, 1]);
    for (const data of [path, join(folder, 'single-idx')]) {
      const problems = (await surveyed(data)).problems.filter(({ severity }) => severity === 'error');
      expect(problems).toHaveLength(1);
      const where = data === path ? join(path, 'train') : data;
      expect(problems[0]?.message).toMatch(`${where}: expected a class with two images or more`);
      const { code, stderr } = await skein('train', 'resnet8', '--data', data, '--out', join(folder, 'none'));
      expect([code, stderr.split('\n', 1)[0]]).toEqual([1, `error: ${problems[0]?.message}`]);
    }
  });

  it('says that a flat folder has no split, and shows only the split asked for', async () => {
    const path = join(folder, 'flat');
    await classFolder(join(path, 'a'), 2);
    await classFolder(join(path, 'b'), 2);
    expect((await surveyed(path)).splits).toMatchObject([{ name: 'train', samples: 4, counts: [2, 2] }]);
    expect((await skein('data', path, '--no-time')).stdout).toContain('training holds out 10 % of train');
    const test = await surveyed('fashion-mnist-sample', '--split', 'test');
    expect(test.splits.map(({ name }) => name)).toEqual(['test']);
    const none = await skein('data', path, '--no-time', '--split', 'test');
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('has no test split')]);
  });

  it('draws the same sheet for the same seed, in place of an older one', async () => {
    const path = join(folder, 'sheets', 'sheet.png');
    await mkdir(join(folder, 'sheets'));
    await writeFile(path, 'older');
    const draw = async (...flags: string[]) => {
      const { code, stdout } = await skein(
        'data',
        'fashion-mnist-sample',
        '--no-time',
        ...flags,
        '--samples',
        '3',
        '--json',
      );
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { sheet: path }]);
      return readFile(path);
    };
    const first = await draw('--sheet', path);
    expect((await sharp(first).metadata()).height).toBe(2 * 16 + 10 * 60 - 4);
    expect((await draw('--out', path)).equals(first)).toBe(true);
    expect((await draw('--sheet', path, '--seed', '1')).equals(first)).toBe(false);
    expect(await readdir(join(folder, 'sheets'))).toEqual(['sheet.png']);
  });

  it('draws the sheet on a machine without fonts, without names', async () => {
    const config = join(folder, 'fonts.conf');
    const path = join(folder, 'nameless.png');
    await writeFile(config, `<?xml version="1.0"?><fontconfig><dir>${join(folder, 'none')}</dir></fontconfig>`);
    const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
    const words = ['data', 'fashion-mnist-sample', '--sheet', path, '--samples', '2'];
    const { status, stdout } = spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...words], {
      env: { ...process.env, FONTCONFIG_FILE: config },
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout).toContain('no font for the names');
    expect((await sharp(path).metadata()).width).toBe(2 * 16 + 2 * 56 + 4);
  });

  it('draws what training makes of images, at the size that is asked for', async () => {
    const data = join(folder, 'to augment');
    for (const name of ['a', 'b']) await classFolder(join(data, name), 5);
    const path = join(folder, 'augmented.png');
    const words = ['--augment', 'crop:pad=2,flip', '--sheet', path, '--image-size', '100', '--samples', '3'];
    const { code, stdout } = await skein('data', data, '--no-time', ...words);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/augmented {2}.*augmented\.png \(\d+×\d+ pixels\)/)]);
    const { width = 0, height = 0 } = await sharp(path).metadata();
    // four images of each class, each beside three epochs
    expect(height).toBeGreaterThan(8 * 104);
    expect(width).toBeGreaterThan(4 * 104);
  });

  it.each([
    [['nowhere'], 1, /unknown dataset `nowhere`/],
    [
      ['fashion-mnist-sample', '--sheet', '/nowhere/sheet.png'],
      1,
      /nowhere.sheet\.png: cannot write: there is no such/,
    ],
    [['fashion-mnist-sample', '--sheet', 'sheet.jpg'], 2, /PNG/],
    [['fashion-mnist-sample', '--samples', 'few'], 2, /whole number/],
    [['fashion-mnist-sample', '--augment', 'flip'], 2, /--sheet augmented\.png/],
    [['fashion-mnist-sample', '--augment', 'flop', '--sheet', 'x.png'], 1, /did you mean flip/],
    [['fashion-mnist-sample', '--split', 'dev'], 2, /Allowed choices/],
    [[], 2, /data/],
  ])('explains a mistake: skein data %j', async (words, exit, message) => {
    const { code, stderr } = await skein('data', ...words, '--no-time');
    expect(code).toBe(exit);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('explains itself with an example', async () => {
    expect((await skein('data', '--help')).stdout).toMatch(/Example:\n {2}skein data/);
  });
});
