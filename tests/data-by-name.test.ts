/** What becomes of a run's split when its data changes, and which images an evaluation is about. */
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { findModel, imageFolder, splitTrainValidation, type TrainOptions, train } from 'skein';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { decodeImage } from '../src/data/index.ts';
import { type Ended, skein } from './run-skein.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-by-name-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]) => join(folder, ...names);

/** A picture of a colour, and of a size in bytes, of its own. */
async function picture(path: string, seed: number): Promise<void> {
  const data = Buffer.from(Array.from({ length: 8 * 8 * 3 }, (_, i) => (seed * 37 + ((i * (seed + 3)) % 91)) % 256));
  await sharp(data, { raw: { width: 8, height: 8, channels: 3 } }).toFile(path);
}

async function photos(path: string, classes: readonly string[], images: number, first = 0): Promise<void> {
  for (const [label, name] of classes.entries()) {
    await mkdir(at(path, name), { recursive: true });
    for (let i = first; i < first + images; i++) await picture(at(path, name, `${i}.png`), 10 * label + i);
  }
}

const tiny = ['--engine', 'evaluator', '--image-size', '8', '--epochs', '1', '-b', '4'];
const trained = (...words: string[]) =>
  skein('train', 'resnet8', '--data', at('photos'), ...tiny, '--out', at('run'), ...words);

/** One of two epochs. */
async function halfTrained(data: TrainOptions['data'], resume = false): Promise<void> {
  if (!resume) await rm(at('run'), { recursive: true, force: true });
  await train({
    model: findModel('resnet8'),
    data,
    epochs: 2,
    batchSize: 4,
    imageSize: 8,
    engine: 'evaluator',
    out: at('run'),
    resume,
    ...(!resume && { callbacks: [{ onEpoch: () => 'stop' }] }),
  });
}

interface Evaluated {
  readonly split: string;
  readonly total: number;
  readonly notes: readonly string[];
}

async function evaluated(data: string, ...words: string[]): Promise<Evaluated> {
  const { stdout, stderr, code } = await skein(
    'eval',
    at('run'),
    '--data',
    at(data),
    '--engine',
    'evaluator',
    '--json',
    ...words,
  );
  expect([code, stderr.includes('error')], stderr).toEqual([0, false]);
  return JSON.parse(stdout) as Evaluated;
}

const rowsOf = async (split: string) =>
  (await readFile(at('run', 'split.csv'), 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith(`${split},`))
    .map((line) => line.split(',')[2] as string);

const ended = ({ code, stderr }: Ended) => `${code} ${stderr}`;

describe('the kept split', () => {
  beforeEach(async () => {
    await photos('photos', ['ant', 'bee'], 10);
    expect(ended(await trained())).toMatch(/^0/);
  });

  it('lists every sample, and the checkpoint knows the list', async () => {
    const text = await readFile(at('run', 'split.csv'), 'utf8');
    expect(text.startsWith('split,label,id\ntrain,ant,ant/0.png\n')).toBe(true);
    expect([(await rowsOf('train')).length, (await rowsOf('validation')).length]).toEqual([18, 2]);
    const { training } = await loadCheckpoint(at('run', 'last.safetensors'));
    expect(training?.data?.split).toMatch(/^sha256:/);
    expect(training?.data?.sizes?.length).toBe(20);
  });

  it('is what eval measures, whatever was added, renamed or changed since', async () => {
    expect(await evaluated('photos')).toMatchObject({ split: 'validation', total: 2, notes: [] });
    const held = await rowsOf('validation');
    await picture(at('photos', 'ant', '00-new.png'), 77);
    await picture(at('photos', 'bee', 'zz-new.png'), 78);
    await rename(at('photos', held[0] as string), at('photos', 'ant', 'renamed.png'));
    await picture(at('photos', (await rowsOf('train'))[3] as string), 99);
    const { total, notes } = await evaluated('photos', '--split', 'validation');
    expect(total).toBe(1);
    expect(notes).toEqual([
      'the data has changed since training: 3 new images, 1 missing, 1 changed; the split is the one that the run kept',
    ]);
    expect((await evaluated('photos', '--split', 'train')).total).toBe(18);
    expect(await evaluated('photos', '--split', 'all')).toMatchObject({ split: 'all', total: 22 });
  });

  it('goes with the data to another place, and with a copy of the checkpoint that has lost its list', async () => {
    await rename(at('photos'), at('moved'));
    expect(await evaluated('moved')).toMatchObject({ split: 'validation', total: 2, notes: [] });
    await rm(at('run', 'split.csv'));
    expect(await evaluated('moved')).toMatchObject({ split: 'validation', total: 2, notes: [] });
    await picture(at('moved', 'ant', 'new.png'), 50);
    const { split, notes } = await evaluated('moved');
    expect([split, notes[0]]).toEqual([
      'all',
      expect.stringMatching(/split\.csv of the run is not beside .*training images may be among them/),
    ]);
    const { code, stderr } = await skein('eval', at('run'), '--data', at('moved'), '--split', 'validation');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/has no validation split: split\.csv of the run is not beside/),
    ]);
  });

  it('of other data with the same names is not asked for', async () => {
    await rm(at('photos'), { recursive: true });
    await photos('photos', ['ant', 'bee'], 6, 100);
    await rename(at('photos', 'ant', '100.png'), at('photos', 'ant', '0.png'));
    expect(await evaluated('photos')).toMatchObject({
      split: 'all',
      total: 12,
      notes: ['an image has the name of one that the run was trained on, but is another'],
    });
  });

  it('damaged is refused by its line', async () => {
    await appendFile(at('run', 'split.csv'), 'tset,ant,ant/0.png\n');
    const { code, stderr } = await skein('eval', at('run'), '--data', at('photos'));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/split\.csv: expected lines of split,label,id, but line 22: split/),
    ]);
  });

  it('is gone on with; changed data is refused until the person says so', async () => {
    const again = (...words: string[]) => skein('train', '--resume', at('run'), ...words);
    await halfTrained(at('photos'));
    await picture(at('photos', 'ant', '00-new.png'), 77);
    const refused = await again();
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/photos has changed since the run was started: 1 new image\n.*--changed-data/s),
    ]);
    expect(ended(await again('--changed-data'))).toMatch(/^0/);
    expect(await rowsOf('train')).toContain('ant/00-new.png');
    expect(await rowsOf('validation')).toHaveLength(2);
    const { training } = await loadCheckpoint(at('run', 'last.safetensors'));
    expect([training?.epoch, training?.step]).toEqual([2, 10]);
    expect((await evaluated('photos')).total).toBe(2);
  });

  it('that was changed just before the run died is gone on with, where the person says so again', async () => {
    await halfTrained(at('photos'));
    await picture(at('photos', 'ant', '00-new.png'), 77);
    const dies = { onStep: () => expect.fail('the machine is switched off') };
    const again = { model: findModel('resnet8'), data: at('photos'), epochs: 2, batchSize: 4, imageSize: 8 };
    const options: TrainOptions = { ...again, engine: 'evaluator', out: at('run'), resume: true, changedData: true };
    await expect(train({ ...options, callbacks: [dies] })).rejects.toThrow('switched off');
    const refused = await skein('train', '--resume', at('run'));
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/split\.csv: .*another one\n.*--changed-data/s),
    ]);
    expect(ended(await skein('train', '--resume', at('run'), '--changed-data'))).toMatch(/^0/);
    const { training } = await loadCheckpoint(at('run', 'last.safetensors'));
    expect([training?.epoch, training?.step]).toEqual([2, 10]);
  });

  it('of data that is gone is not gone on with', async () => {
    await halfTrained(at('photos'));
    await rm(at('photos'), { recursive: true });
    await photos('photos', ['ant', 'bee'], 9, 100);
    const { code, stderr } = await skein('train', '--resume', at('run'), '--changed-data');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/photos is not the data that the run was started with/)]);
  });
});

it('a split made in code with a seed of its own is the one that eval and resume take, by the name of its data', async () => {
  await photos('photos', ['ant', 'bee'], 10);
  const splitsBy = async (seed: number) => {
    const whole = await imageFolder(at('photos'), { size: 8, validationFraction: 0.01 });
    const { train: most } = whole;
    return { ...whole, ...(await splitTrainValidation(most, { fraction: 0.3, seed })) };
  };
  await halfTrained(await splitsBy(5));
  const held = await rowsOf('validation');
  expect(await readFile(at('run', 'config.yaml'), 'utf8')).toContain(`data: ${at('photos')}`);
  expect(await evaluated('photos', '--split', 'validation')).toMatchObject({ total: held.length });
  await halfTrained(await splitsBy(6), true);
  expect(await rowsOf('validation')).toEqual(held);
});

it('code and command hold out the same images', async () => {
  await photos('photos', ['ant', 'bee'], 10);
  const { validation } = await imageFolder(at('photos'), { size: 8 });
  await trained();
  expect(validation?.ids).toEqual(await rowsOf('validation'));
});

describe('what an evaluation is about', () => {
  beforeEach(async () => {
    await photos('photos', ['ant', 'bee'], 6);
    await trained();
  });

  it.each([
    ['a flat folder that it has not seen', ['new'], 'all', 8],
    ['a folder with val alone', ['new/Val'], 'validation', 8],
    ['a folder with test', ['new/train', 'new/test'], 'test', 8],
  ])('%s', async (_, folders, split, total) => {
    for (const name of folders) await photos(name, ['ant', 'bee'], 4, 100);
    expect(await evaluated('new')).toMatchObject({ split, total, notes: [] });
  });

  it('an idx pair is measured whole, and so is an idx folder with a test set alone', async () => {
    const header = (...fields: number[]) => Buffer.from(Uint32Array.from(fields).buffer).swap32();
    const idx = async (name: string) => {
      await mkdir(at(name));
      const labels = [0, 1, 0, 1, 1, 0, 1, 0];
      await writeFile(
        at(name, 't10k-images-idx3-ubyte'),
        Buffer.concat([header(0x803, 8, 8, 8), Buffer.alloc(512, 9)]),
      );
      await writeFile(at(name, 't10k-labels-idx1-ubyte'), Buffer.concat([header(0x801, 8), Buffer.from(labels)]));
      await writeFile(at(name, 'classes.txt'), 'ant\nbee\n');
    };
    await idx('digits');
    await rm(at('run'), { recursive: true });
    await skein(
      'train',
      'resnet8',
      '--data',
      at('digits', 't10k-images-idx3-ubyte'),
      ...tiny.toSpliced(2, 2),
      '--out',
      at('run'),
    );
    await idx('other');
    expect(await evaluated('other')).toMatchObject({ split: 'test', total: 8 });
    await writeFile(
      at('other', 't10k-labels-idx1-ubyte'),
      Buffer.concat([header(0x801, 8), Buffer.from([1, 1, 0, 0, 1, 0, 0, 1])]),
    );
    expect(await evaluated('other/t10k-images-idx3-ubyte')).toMatchObject({ split: 'all', total: 8, notes: [] });
  });
});

it('a run folder within the data is no class, in the command that is printed next either', async () => {
  await photos('.', ['ant', 'bee'], 4);
  const before = process.cwd();
  process.chdir(folder);
  try {
    const words = ['train', 'resnet8', '--data', '.', ...tiny];
    expect(ended(await skein(...words))).toMatch(/^0/);
    const second = await skein(...words);
    expect(ended(second)).toMatch(/^0/);
    expect(second.stdout + second.stderr).toMatch(/runs\/resnet8-1: the folder of a run, passed over|passed over/);
    const survey = JSON.parse((await skein('data', '.', '--no-time', '--json')).stdout) as {
      classes: string[];
      problems: { message: string }[];
    };
    expect(survey.classes).toEqual(['ant', 'bee']);
    expect(survey.problems.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/runs\/resnet8-1: the folder of a run/),
    );
  } finally {
    process.chdir(before);
  }
});

it('a coloured file for a one-channel network is grey by its levels; of an older checkpoint by its light', async () => {
  const solid = (background: string) =>
    sharp({ create: { width: 4, height: 4, channels: 3, background } })
      .png()
      .toBuffer();
  const greys = async (grey?: 'luma' | 'light') =>
    Promise.all(
      ['#ff0000', '#00ff00', '#0000ff', '#808080', '#123456'].map(async (colour) => {
        const { pixels } = await decodeImage(await solid(colour), {
          channels: 1,
          height: 2,
          width: 2,
          ...(grey && { grey }),
        });
        return pixels[0];
      }),
    );
  expect(await greys()).toEqual([76, 150, 29, 128, 46]);
  expect((await greys('light')).slice(0, 4)).toEqual([127, 220, 76, 128]);
});

it('a network of one channel reads an image folder in grey, in training, eval and prediction', async () => {
  await photos('photos', ['ant', 'bee'], 6);
  const model = { ...findModel('resnet8'), image: { channels: 1, height: 8, width: 8 } };
  await train({ model, data: at('photos'), epochs: 1, batchSize: 4, engine: 'evaluator', out: at('run') });
  const { preprocessing } = await loadCheckpoint(at('run', 'best.safetensors'));
  expect(preprocessing).toMatchObject({ channels: 1, grey: 'luma', mean: [expect.closeTo(0.459, 3)] });
  expect((await evaluated('photos')).total).toBe(2);
  const { code, stdout } = await skein('predict', at('run'), at('photos', 'ant', '0.png'), '--engine', 'evaluator');
  expect([code, stdout]).toEqual([0, expect.stringMatching(/ant|bee/)]);
});
