/**
 * The command, given what it cannot use: one line that says what is wrong, one that says what to do, exit code 1, and nothing
 * written. Formats in detail are tested beside their readers.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skein } from './run-skein.ts';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-bad-'));
  await writeImages('photos', { a: 6, b: 6 });
  await writeImages('one class', { a: 6 });
  await writeImages('empty class', { a: 6, b: 0 });
  await writeImages('other classes/train', { a: 6, b: 6 });
  await writeImages('other classes/val', { a: 2, c: 2 });
  await writeImages('no val/train', { a: 6, b: 6 });
  await mkdir(at('no val', 'val'));
  await writeImages('corrupt', { a: 6, b: 6 });
  await writeFile(at('corrupt', 'a', '0.png'), (await readFile(at('photos', 'a', '0.png'))).subarray(0, 60));
  await writeIdx('pair', [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  await writeIdx('one label', [0, 0, 0, 0, 0, 0]);
  await writeIdx('few', [0, 1]);
  await mkdir(at('nothing'));
  await writeFile(at('notes.txt'), 'not a dataset');
  const line = (name: string) => JSON.stringify({ image: `photos/${name}/0.png`, label: name });
  await writeFile(at('lines.jsonl'), `${line('a')}\n${line('b')}\n{"image": "pho`);
  await trainRun();
});
afterAll(() => rm(folder, { recursive: true }));

async function writeImages(path: string, classes: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, count] of Object.entries(classes)) {
    await mkdir(at(path, name), { recursive: true });
    for (let i = 0; i < count; i++)
      await sharp({ create: { width: 12, height: 12, channels: 3, background: name === 'a' ? '#f00' : '#00f' } })
        .png()
        .toFile(at(path, name, `${i}.png`));
  }
}

async function writeIdx(name: string, labels: readonly number[]): Promise<void> {
  await mkdir(at(name));
  const header = (...fields: number[]) => Buffer.from(fields.flatMap((field) => [0, 0, field >> 8, field & 255]));
  const pixels = new Uint8Array(labels.length * 64).fill(7);
  await writeFile(at(name, 'train-images-idx3-ubyte'), Buffer.concat([header(0x803, labels.length, 8, 8), pixels]));
  const bytes = Buffer.concat([header(0x801, labels.length), Uint8Array.from(labels)]);
  await writeFile(at(name, 'train-labels-idx1-ubyte'), bytes);
}

/** A finished run on `photos`, and copies of it with something wrong. */
async function trainRun(): Promise<void> {
  const words = ['train', 'resnet8', '--data', at('photos'), '--image-size', '12', '--epochs', '1', '-b', '5'];
  expect(await skein(...words, '--out', at('run'))).toMatchObject({ code: 0, stderr: '' });
  const last = await readFile(at('run', 'last.safetensors'));
  const changes: Readonly<Record<string, () => Promise<void>>> = {
    'cut run': () => writeFile(at('cut run', 'last.safetensors'), last.subarray(0, 5000)),
    'other run': async () => {
      const config = await readFile(at('run', 'config.yaml'), 'utf8');
      await writeFile(at('other run', 'config.yaml'), config.replace('epochs: 1', 'epochs: 2'));
    },
    'odd run': () => writeFile(at('odd run', 'config.yaml'), 'model: resnet8\ndata: { folder: photos }\n'),
    'no checkpoint': () => rm(at('no checkpoint', 'last.safetensors')),
    unsaved: async () => {
      for (const which of ['best', 'last']) await rm(at('unsaved', `${which}.safetensors`));
    },
    'no best': () => rm(at('no best', 'best.safetensors')),
  };
  for (const [name, change] of Object.entries(changes)) {
    await cp(at('run'), at(name), { recursive: true });
    await change();
  }
}

/** Every file below the folder with its size and time of change. */
async function everything(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return `${relative(folder, path)} ${entry.isFile() ? (await readFile(path)).toString('base64') : ''}`;
  });
  return (await Promise.all(files)).sort();
}

const trainOn = (data: string, ...flags: string[]) => ['train', 'resnet8', '--data', at(data), ...flags];

describe('a failure is one line and a hint, and nothing is written:', () => {
  it.each<[string, () => string[], RegExp]>([
    ['an unknown model', () => ['train', 'resnet2o', '--data', at('photos')], /unknown model `resnet2o`; did you mean/],
    ['missing data', () => trainOn('gone'), /unknown dataset `.*gone`/],
    ['a file for a folder', () => trainOn('notes.txt'), /notes\.txt: expected a dataset, but no reader knows/],
    ['an empty folder', () => trainOn('nothing'), /nothing: expected a dataset, but got an empty folder/],
    ['a single class', () => trainOn('one class'), /one class: expected a subfolder for each of two .* only `a`/],
    ['an empty class', () => trainOn('empty class'), /b: expected images of class `b`/],
    ['other classes in val', () => trainOn('other classes'), /val: expected only classes that are in train, .* `c`/],
    ['an empty val', () => trainOn('no val'), /val: expected a subfolder per class, but there is none/],
    ['a corrupt image', () => trainOn('corrupt', '--image-size', '12'), /0\.png: the image is corrupt/],
    ['a single label', () => trainOn('one label'), /expected samples of two or more classes, but .* has 6 of 1/],
    ['too few samples', () => trainOn('few'), /expected a class with two images or more/],
    ['a batch larger than the data', () => trainOn('pair', '-b', '100'), /`batchSize` \(--batch-size\) 100 is larger/],
    ['scaling what has a size', () => trainOn('pair', '--image-size', '9'), /image size of 9 was asked for/],
    ['a run folder in use', () => trainOn('pair', '--out', at('run')), /already holds a run/],
    ['a run folder that is a file', () => trainOn('pair', '--out', at('notes.txt')), /it is a file, not a folder/],
    ['a run folder in a file', () => trainOn('pair', '--out', at('notes.txt', 'x')), /a part of the path is a file/],
    ['a folder that is no run', () => ['train', '--resume', at('photos')], /config\.yaml: expected a run's/],
    ['no folder of a run', () => ['train', '--resume', at('r')], /^error: --resume: there is no folder .*r$/],
    ['a run without checkpoint', () => ['train', '--resume', at('no checkpoint')], /holds no run to go on with/],
    ['a checkpoint cut off', () => ['train', '--resume', at('cut run')], /last\.safetensors: safetensors: expected/],
    ['another recipe', () => ['train', '--resume', at('other run')], /`epochs` \(--epochs\) 1, .* go on with 2/],
    ['a wrong configuration', () => ['train', '--resume', at('odd run')], /config\.yaml: `data`: .* string/],
    ['no configuration', () => ['train', '--config', at('photos')], /it is a folder/],
    [
      'no checkpoint',
      () => ['predict', at('gone.safetensors'), 'x.png'],
      /gone\.safetensors: cannot read: there is no/,
    ],
    ['a line of a table that is none', () => ['eval', at('run'), '--data', at('lines.jsonl')], /jsonl:3: expected an/],
    ['no run', () => ['eval', at('photos'), '--data', 'x'], /expected the folder of a run, but there is no best/],
    ['no epoch yet', () => ['eval', at('no best'), '--data', 'x'], /there is no best\.safetensors in it/],
    [
      'a text for a checkpoint',
      () => ['predict', at('notes.txt'), 'x.png'],
      /notes\.txt: expected a checkpoint of Skein, but this is a text file/,
    ],
    [
      'no images',
      () => ['predict', at('run'), at('nothing')],
      /there is no JPEG, PNG, WebP, AVIF, GIF or TIFF file in this folder/,
    ],
  ])('%s', async (_, words, message) => {
    const before = await everything();
    const { code, stdout, stderr } = await skein(...words());
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: [^\n]+\n {2}\S[^\n]*\n$/);
    expect(stderr.split('\n')[0]).toMatch(message);
    expect(await everything()).toEqual(before);
  });
});

it('a hint is a command that helps: of one corrupt image, of a run that stopped, of one that is to be longer', async () => {
  const words = ['--data', at('corrupt'), '--engine', 'evaluator'];
  const trained = await skein('train', 'resnet8', ...words, '--image-size', '12', '-b', '4', '--out', at('never'));
  const evaluated = await skein('eval', at('run'), ...words, '--split', 'train');
  for (const { code, stderr } of [trained, evaluated]) {
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: .*a.0\.png: the image is corrupt .*\n {2}remove it, or replace it by an intact copy; /,
    );
    expect(stderr).toContain(`; skein data ${at('corrupt')} lists every file that cannot be read\n`);
  }
  // what is wrong with the folder itself is not about one file
  const empty = await skein(...trainOn('one class'));
  expect(empty.stderr).not.toContain('skein data');
  const stopped = await skein('eval', at('no best'), '--data', at('photos'));
  expect(stopped.stderr).toContain(`: skein train --resume '${at('no best')}';`);
  for (const words of [
    ['train', '--resume', at('unsaved')],
    ['eval', at('unsaved'), '--data', at('photos')],
  ])
    expect((await skein(...words)).stderr).toContain(
      `start it again: skein train --config ${at('unsaved', 'config.yaml')} --out ${at('unsaved')}\n`,
    );
  const longer = await skein('train', '--resume', at('run'), '--epochs', '3');
  expect(longer.stderr).toContain(`--weights ${at('run', 'last.safetensors')}\n`);
  const file = await skein(...trainOn('notes.txt'));
  expect(file.stderr).toContain('notes.txt: expected a dataset');
  expect(file.stderr).not.toContain('--on-bad-image');
});

describe('a usage mistake ends with 2 and writes nothing:', () => {
  it.each([
    ['no batch', ['-b', '0']],
    ['a negative batch', ['-b', '-1']],
    ['half a batch', ['-b', '1.5']],
    ['a rate that is no number', ['--lr', 'fast']],
    ['an infinite rate', ['--lr', 'Infinity']],
    ['no threads', ['--threads', '0']],
    ['no epochs', ['--epochs', '0']],
    ['nothing to train on', ['--val-fraction', '1']],
    ['no limit that is one', ['--clip-norm', '0']],
  ])('%s', async (_, flags) => {
    const before = await everything();
    const { code, stderr } = await skein(...trainOn('pair', ...flags));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: option '.*' argument '.*' is invalid\. It is not a .*number/);
    expect(await everything()).toEqual(before);
  });
});

describe('what a flag does not take ends with 2, whoever finds it:', () => {
  it.each([
    ['a negative rate', ['--lr', '-1'], /`lr` \(--lr\) must be .* at least 0, but is -1/],
    ['too much momentum', ['--momentum', '2'], /`momentum` \(--momentum\) must be .* is 2/],
    ['a negative decay', ['--wd', '-1'], /`weightDecay` \(--weight-decay\) must be .* is -1/],
    ['a long warm-up', ['--warmup-epochs', '30'], /--warmup-epochs: expected .* 30 epochs/],
    ['full smoothing', ['--label-smoothing', '1'], /\(--label-smoothing\) must be .* below 1/],
    ['an option of a part', ['--augment', 'crop:pad=x'], /--augment: the augmentation `padCrop`: `pad` must be .* "x"/],
    ['a part that has no such option', ['--optimiser', 'adamw:beta=1'], /it has no option `beta`/],
    ['an option of the network', ['--option', 'dropout=lots'], /dropout/],
    ['an option that the network lacks', ['--option', 'drop=0.2'], /drop/],
    [
      'a crowd of threads',
      ['--threads', '100000'],
      /'--threads <n>' argument '100000' is invalid\. It is more than 1024/,
    ],
    ['an image like a wall', ['--image-size', '100000'], /It is more than 4096/],
    ['an unknown engine', ['--engine', 'onnx-runtime'], /It is none of auto, .*; did you mean onnxruntime\?/],
  ])('%s', async (_, flags, message) => {
    const before = await everything();
    const { code, stdout, stderr } = await skein(...trainOn('pair', ...flags));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: [^\n]+\n {2}\S[^\n]*\n$/);
    expect(stderr.split('\n')[0]).toMatch(message);
    expect(await everything()).toEqual(before);
  });
});

describe('after training has begun', () => {
  const engine = ['--engine', 'evaluator'];

  it('a rate that is far too high is named, and what was there before stays', async () => {
    const out = at('diverged');
    const { code, stderr } = await skein(
      ...trainOn('photos', '--image-size', '12', '--lr', '1e30', '-b', '3', '--out', out, ...engine),
    );
    expect(code).toBe(1);
    // nothing was saved, so nothing is said of it
    expect(stderr).toMatch(
      /^error: train: at step \d \(epoch 1\) the loss is [^\n]+\n {2}try a lower --lr or a warm-up\n$/,
    );
    expect((await readdir(out)).sort()).toEqual(['config.yaml', 'metrics.jsonl', 'split.csv']);
    expect(await skein(...trainOn('pair', '--epochs', '1', '--out', out, ...engine))).toMatchObject({ code: 0 });
  });

  it('other data than the network knows is refused', async () => {
    const { code, stderr } = await skein('eval', at('run'), '--data', at('pair'), '--split', 'train', ...engine);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: classifier: images of .* are 1×8×8, but the network takes 3×12×12\n {2}\S[^\n]*\n$/,
    );
  });
});
