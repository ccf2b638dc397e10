/** Images that cannot be read, in runs and evaluations: the end, or passed over, told once, counted, and listed. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import {
  type BadImageEvent,
  type Dataset,
  loadClassifier,
  memorySink,
  type Splits,
  type TrainOptions,
  train,
} from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../examples/custom-dataset.ts';
import { runSkein } from '../src/cli/program.ts';
import { DataError } from '../src/tensor/index.ts';

let folder: string;
/** 14 images to train on, 6 to validate, 4 to test; a.0.png of each is cut off. */
let photos: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-bad-'));
  photos = join(folder, 'photos');
  for (const [split, count] of Object.entries({ train: 7, val: 3, test: 2 }))
    for (const name of ['a', 'b']) {
      await mkdir(join(photos, split, name), { recursive: true });
      for (let k = 0; k < count; k++) {
        const background = { r: name === 'a' ? 200 : 40, g: 20 * k, b: 90 };
        const png = await sharp({ create: { width: 12, height: 12, channels: 3, background } })
          .png()
          .toBuffer();
        await writeFile(
          join(photos, split, name, `${name}.${k}.png`),
          name === 'a' && k === 0 ? png.subarray(0, 60) : png,
        );
      }
    }
});
afterAll(() => rm(folder, { recursive: true }));

async function skein(...words: string[]) {
  let [stdout, stderr] = ['', ''];
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const code = await runSkein(words, streams);
  return { code, stdout, stderr };
}

const trained = (out: string, ...more: string[]) =>
  skein(
    ...[
      'train',
      'resnet8',
      '--data',
      photos,
      '--image-size',
      '12',
      '--epochs',
      '2',
      '-b',
      '5',
      '--engine',
      'evaluator',
    ],
    ...['--out', join(folder, out), ...more],
  );
const isBad = (split: string) => join(photos, split, 'a', 'a.0.png');

describe('a folder with an image that is cut off', () => {
  it('trains without it: each is told once, and all are counted, logged and listed', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await trained('skipped', '--on-bad-image', 'skip', '--workers', '0');
    expect([code, stderr]).toEqual([0, '']);
    for (const split of ['train', 'val', 'test']) expect(stdout.split(`passed over: ${isBad(split)}`)).toHaveLength(2);
    expect(stdout).toMatch(/decoded and augmented by the main thread .*; those that cannot be read are passed over/);
    expect(stdout).toMatch(/bad images +3 images could not be read and were passed over\n/);
    const measured = (await readFile(join(folder, 'skipped', 'metrics.jsonl'), 'utf8')).trim().split('\n');
    const bad = measured.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'bad image');
    expect(bad.map(({ split, path }) => [split, path])).toEqual([
      ['train', isBad('train')],
      ['validation', isBad('val')],
      ['test', isBad('test')],
    ]);
    const page = await readFile(join(folder, 'skipped', 'report.html'), 'utf8');
    for (const split of ['train', 'val', 'test']) expect(page).toContain(isBad(split));
    expect(await readFile(join(folder, 'skipped', 'config.yaml'), 'utf8')).toMatch(
      /onBadImage: skip\n(.*\n)*workers: 0\n/,
    );
    const again = await skein('train', '--resume', join(folder, 'skipped'), '--json');
    expect(JSON.parse(again.stdout).badImages).toHaveLength(3);
  });

  it('is evaluated without it, and the total says of how many', { timeout: 60_000 }, async () => {
    const words = ['eval', join(folder, 'skipped'), '--data', photos, '--engine', 'evaluator'];
    const stopped = await skein(...words);
    expect([stopped.code, stopped.stderr]).toEqual([
      1,
      expect.stringContaining('--on-bad-image skip passes over such files'),
    ]);
    const results = await Promise.all(
      ['0', '2'].map((workers) => skein(...words, '--on-bad-image', 'skip', '-j', workers, '--json')),
    );
    expect(results[0]).toEqual(results[1]);
    const { total, badImages } = JSON.parse(results[0]?.stdout ?? '');
    expect([total, badImages.map(({ path }: { path: string }) => path)]).toEqual([3, [isBad('test')]]);
    const { stdout } = await skein(...words, '--on-bad-image', 'skip');
    expect(stdout).toContain('3 images)');
    expect(stdout).toContain('1 image could not be read and was passed over\n');
  });

  it('ends a run that nobody told to pass over it', {
    timeout: 60_000,
  }, async () => {
    const stopped = await trained('stopped');
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain(`${isBad('train')}: the image is corrupt`);
  });
});

describe('where nothing is left of a class, of a batch or of what is measured, the hint is a command to copy', () => {
  const hintOf = (running: Promise<unknown>): Promise<string | undefined> =>
    running.then(
      () => expect.fail('it should have failed'),
      (error: DataError) => error.hint,
    );
  /** A folder whose name a shell takes apart, with these images that are cut off. */
  const broken = async (name: string, isCut: (path: string) => boolean): Promise<string> => {
    const path = join(folder, `${name} of mine`);
    await cp(photos, path, { recursive: true });
    for (const file of await readdir(path, { recursive: true }))
      if (file.endsWith('.png') && isCut(file)) await writeFile(join(path, file), 'no image');
    return path;
  };
  const trainOn = (data: string, batchSize: number, onStep = () => {}) =>
    train({
      model: 'resnet8',
      data,
      imageSize: 12,
      epochs: 1,
      batchSize,
      engine: 'onnxruntime',
      onBadImage: 'skip',
      workers: 0,
      cache: 'off',
      callbacks: [{ onStep }],
      out: memorySink(),
    });

  it('a class', async () => {
    const data = await broken('class', (file) => file.startsWith(join('train', 'a')));
    expect(await hintOf(trainOn(data, 14))).toBe(
      `skein data '${data}' lists what is wrong with each; repair them, or take the class away`,
    );
  });

  it('a batch', async () => {
    const data = await broken('batch', (file) => file.startsWith('train') && !file.endsWith('b.6.png'));
    expect(await hintOf(trainOn(data, 2))).toBe(`skein data '${data}' lists the images that cannot be read`);
  });

  it('a split that is lost while the run trains', async () => {
    const data = await broken('split', () => false);
    const lose = () => {
      for (const name of ['a', 'b'])
        for (const file of readdirSync(join(data, 'val', name)))
          writeFileSync(join(data, 'val', name, file), 'no image');
    };
    expect(await hintOf(trainOn(data, 14, lose))).toBe(`skein data '${data}' lists what is wrong with each`);
  });

  it('but of data that code made no command can know', async () => {
    const { train: images } = options({}).data as Splits;
    const ofClass = [...(images.labels as number[]).keys()].filter((index) => images.labels?.[index] === 1);
    expect(await hintOf(train({ ...options({ train: ofClass }), out: memorySink() }))).toBe(
      'repair them, or take the class away',
    );
  });
});

it('an image that goes away while a run trains ends it with what is kept, and what passes over it', {
  timeout: 60_000,
}, async () => {
  const data = join(folder, 'leaving');
  await cp(photos, data, { recursive: true });
  for (const split of ['train', 'val', 'test']) await rm(join(data, split, 'a', 'a.0.png'));
  const lost = join(data, 'train', 'b', 'b.3.png');
  const [out, settings] = [join(folder, 'left'), { model: 'resnet8', data, imageSize: 12, batchSize: 13 }];
  const more = { epochs: 3, engine: 'evaluator', workers: 0, cache: 'off', out, onBadImage: 'stop' } as const;
  const running = train({ ...settings, ...more, callbacks: [{ onEpoch: () => rmSync(lost) }] });
  await expect(running).rejects.toMatchObject({
    message: `${lost}: no such file`,
    hint: expect.stringContaining(`${out} keeps the run as it was after epoch 1`),
  });
  // the command says what passes over it, also where a link is left that leads nowhere
  for (const path of [lost, join(data, 'test', 'b', 'b.0.png')]) {
    await rm(path, { force: true });
    await symlink('gone.png', path);
  }
  const lists = `skein data ${data} lists every file that cannot be read`;
  const said = async (...words: string[]) => (await skein(...words, '--data', data, '-j', '0')).stderr;
  const again = await said('train', 'resnet8', '--image-size', '12', '-b', '13', '--out', join(folder, 'again'));
  expect(again).toMatch(/^error: .*b\.3\.png: a broken link: there is no gone\.png\n/);
  expect(again).toContain(`; --on-bad-image skip passes over such files; ${lists}\n`);
  expect(await said('eval', out, '--engine', 'evaluator')).toContain(`such files; ${lists}\n`);
  expect(await said('bench', 'data', '--no-peer', '--rounds', '1', '--image-size', '8')).toContain(`link; ${lists}\n`);
});

/** Those at `bad` cannot be read. */
const broken = (dataset: Dataset, bad: readonly number[]): Dataset => ({
  ...dataset,
  ids: Array.from({ length: dataset.length }, (_, i) => `${dataset.name}/${i}`),
  labels: Array.from({ length: dataset.length }, (_, i) => (dataset.read(i) as { label: number }).label),
  read: (index) => {
    if (bad.includes(index)) throw new DataError(`${dataset.name}/${index}: it is broken`);
    return dataset.read(index);
  },
});

const options = (bad: { train?: readonly number[]; validation?: readonly number[] }): TrainOptions => ({
  model: 'resnet8',
  data: {
    train: broken(shapes({ name: 'train', length: 24, size: 8 }), bad.train ?? []),
    validation: broken(shapes({ name: 'validation', length: 9, size: 8 }), bad.validation ?? []),
    normalisation: { mean: [0.3], std: [0.25] },
  },
  epochs: 2,
  batchSize: 8,
  engine: 'evaluator',
  onBadImage: 'skip',
});

describe('data of one’s own', () => {
  it('is passed over as files are, also the first one, and a run that stopped in between is the same to the bit', async () => {
    const both = { ...options({ train: [0, 5, 17], validation: [0, 8] }), engine: 'onnxruntime' };
    const whole = memorySink({ report: true });
    const told: BadImageEvent[] = [];
    const run = await train({ ...both, out: whole, callbacks: [{ onBadImage: (event) => told.push(event) }] });
    expect(run.badImages).toEqual(told);
    expect(told.map(({ path }) => path).sort()).toEqual([
      'train/0',
      'train/17',
      'train/5',
      'validation/0',
      'validation/8',
    ]);
    expect(run.epochs[0]?.validation.total).toBe(7);
    for (const { path } of told) expect(whole.page).toContain(path);

    const halves = memorySink({ report: true });
    const stop = new AbortController();
    const onStep = ({ step }: { step: number }) => step === 4 && stop.abort();
    await train({ ...both, out: halves, signal: stop.signal, callbacks: [{ onStep }] });
    const rest = await train({ ...both, out: halves, resume: true });
    expect(halves.last).toEqual(whole.last);
    expect(rest.badImages).toEqual(run.badImages);
    for (const { path } of told) expect(halves.page).toContain(path);
  });

  it('where all can be read, the choice changes nothing but what the recipe says', async () => {
    const [skip, stop] = [memorySink(), memorySink()];
    await train({ ...options({}), out: skip });
    await train({ ...options({}), out: stop, onBadImage: 'stop' });
    expect(skip.last?.tensors).toEqual(stop.last?.tensors);
    expect([skip.last?.training?.config.onBadImage, stop.last?.training?.config.onBadImage]).toEqual([
      'skip',
      undefined,
    ]);
  });

  it('a run that a bad image would end goes on where it is told to pass over it', async () => {
    const sink = memorySink();
    const stop = { ...options({ validation: [] }), onBadImage: 'stop' as const, out: sink };
    await train({ ...stop, callbacks: [{ onEpoch: () => 'stop' }] });
    const run = await train({ ...options({ train: [3] }), out: sink, resume: true });
    expect(run.badImages.map(({ path }) => path)).toEqual(['train/3']);
    expect(sink.config?.onBadImage).toBe('skip');
  });

  it('without a readable image of a class, or of a split, there is nothing to learn or to measure', async () => {
    const { data } = options({});
    const { train: images } = data as Splits;
    const ofClass = [...(images.labels as number[]).keys()].filter((index) => images.labels?.[index] === 1);
    await expect(train({ ...options({ train: ofClass }), out: memorySink() })).rejects.toThrow(
      `expected images of the class \`${images.classes[1]}\` that can be read, but of the ${ofClass.length} to train on none is`,
    );
    await expect(train({ ...options({ validation: [0, 1, 2, 3, 4, 5, 6, 7, 8] }), out: memorySink() })).rejects.toThrow(
      DataError,
    );
  });

  it('what is neither is refused', async () => {
    await expect(train({ ...options({}), onBadImage: 'ignore' as 'skip', out: memorySink() })).rejects.toThrow(
      '`onBadImage` must be stop or skip, but is ignore',
    );
    const classifier = await loadClassifier(join(folder, 'skipped', 'best.safetensors'), { engine: 'evaluator' });
    const own = shapes({ name: 'own', length: 4, size: 12 });
    await expect(classifier.evaluate(own, { workers: -1 })).rejects.toThrow('`workers` must be a whole number from 0');
    await classifier.dispose();
  });
});
