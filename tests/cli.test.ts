import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, skein, skeinProcess } from './run-skein.ts';

const source = fileURLToPath(new URL('../src', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-cli-'));
  await writeIdxFolder(join(folder, 'stripes'));
});
afterAll(() => rm(folder, { recursive: true }));

const side = 12;

/** Stripes across or down, 200 to train on and 40 to test: a network learns them in an epoch or two. */
async function writeIdxFolder(path: string): Promise<void> {
  await mkdir(path);
  await writeFile(join(path, 'classes.txt'), 'across\ndown\n');
  for (const [split, count] of [['train', 200] as const, ['t10k', 40] as const]) {
    const images = Buffer.alloc(16 + count * side * side);
    const labels = Buffer.alloc(8 + count);
    [0x803, count, side, side].forEach((field, i) => {
      images.writeUInt32BE(field, 4 * i);
    });
    [0x801, count].forEach((field, i) => {
      labels.writeUInt32BE(field, 4 * i);
    });
    for (let i = 0; i < count; i++) {
      labels[8 + i] = i % 2;
      images.set(stripes(i % 2 === 1, i % 4), 16 + i * side * side);
    }
    await writeFile(join(path, `${split}-images-idx3-ubyte`), images);
    await writeFile(join(path, `${split}-labels-idx1-ubyte`), labels);
  }
}

const stripes = (down: boolean, shift: number) =>
  Uint8Array.from({ length: side * side }, (_, i) => {
    const position = (down ? i % side : Math.floor(i / side)) + shift;
    return position % 4 < 2 ? 230 : 20;
  });

/** As a process of its own, in `folder`. */
const inFolder = (words: readonly string[], onOutput?: (child: ChildProcess) => void): Promise<Ended> =>
  skeinProcess(words, { cwd: folder, ...(onOutput && { onOutput }) });

describe('skein models', () => {
  it('prints every network with exact counts as JSON', async () => {
    const { code, stdout } = await skein('models', '--json');
    const models = JSON.parse(stdout) as Record<string, unknown>[];
    expect(code).toBe(0);
    for (const model of models)
      expect(Object.keys(model)).toEqual(['name', 'family', 'paper', 'input', 'classes', 'params', 'macs', 'weights']);
    const named = new Map(models.map((model) => [model.name, model]));
    expect(named.get('resnet20')).toMatchObject({ params: 269_722, input: [3, 32, 32], classes: 10 });
    expect(named.get('densenet-bc100-k12')).toMatchObject({ params: 769_162, paper: 'arXiv:1608.06993' });
  });

  it('prints a table with the paper above each family', async () => {
    const { stdout } = await skein('models');
    expect(stdout).toMatch(/^resnet: Deep Residual Learning for Image Recognition \(arXiv:1512.03385\)$/m);
    expect(stdout).toMatch(/^ {2}resnet20 +3×32×32 +269,722 +40\.6 M$/m);
  });
});

describe('skein models MODEL', () => {
  it('shows it alone, with the options that its name leaves open', async () => {
    const { code, stdout } = await skein('models', 'densenet-bc22-k12');
    expect(code).toBe(0);
    expect(stdout.match(/^ {2}\S*densenet\S* .*$/gm)).toEqual([
      expect.stringMatching(/^ {2}densenet-bc22-k12 .*71,686/),
    ]);
    expect(stdout).toMatch(/^ {2}dropout +0 +rate after .*: a number of at least 0 and below 1$/m);
    expect(stdout).not.toMatch(/^ {2}growth/m);
    expect(JSON.parse((await skein('models', 'resnet20', '--json')).stdout)).toMatchObject([{ name: 'resnet20' }]);
  });

  it('says so where its name leaves none open, and names the nearest where there is none', async () => {
    expect((await skein('models', 'plain20')).stdout).toMatch(/^Its name leaves no options open\.$/m);
    const { code, stderr } = await skein('models', 'resnet21');
    expect([code, stderr]).toEqual([
      1,
      'error: unknown model `resnet21`; did you mean resnet20?\n  skein models lists them\n',
    ]);
  });
});

describe('mistakes', () => {
  it('ends a process with 1 for an unknown model, with the nearest name and no stack', async () => {
    const { code, stdout, stderr } = await inFolder(['train', 'resnet21', '--data', 'stripes']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe('error: unknown model `resnet21`; did you mean resnet20?\n  skein models lists them\n');
  });

  it('ends a process with 2 for a usage mistake', async () => {
    const { code, stderr } = await inFolder(['train', 'resnet8', '--data', 'stripes', '--epocs', '3']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean --epochs?');
  });

  it.each([
    [['trian'], /Did you mean train\?/],
    [['train'], /missing --data DATA/],
    [['train', 'resnet8'], /missing --data/],
    [['train', 'resnet8', '--data', 'x', '--epochs', 'ten'], /not a whole number/],
    [['train', '--resume', 'x', '--out', 'y'], /cannot be used with/],
    [['train', '--resume', 'x', '--weights', 'y'], /'--resume <run>' cannot be used with option '--weights/],
    [['eval', 'x'], /--data/],
    [['predict', 'x'], /image/],
    [
      ['train', 'resnet8', '--data', 'nowhere', '--augment', 'spin'],
      /--augment: the augmentation `spin` is not one of/,
    ],
    [
      ['train', 'resnet8', '--data', 'nowhere', '--schedule', 'linear'],
      /--schedule: .*\(cosine, oneCycle, polynomial, step\)/,
    ],
    [
      ['train', 'resnet8', '--data', 'nowhere', '--optimiser', 'adamw:beta=1'],
      /it has no option `beta`; did you mean betas/,
    ],
    [
      ['train', 'resnet8', '--data', 'nowhere', '--optimiser', 'adamw', '--momentum', '0.9'],
      /it has no option `momentum`/,
    ],
    [
      ['train', 'resnet8', '--data', 'nowhere', '--ema', '2'],
      /`decay` must be a number of at least 0 and below 1, but is 2/,
    ],
  ])('is a usage mistake: skein %j', async (words, message) => {
    const { code, stderr } = await skein(...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it.each([
    [['train', 'resnet8', '--data', 'nowhere'], /unknown dataset `nowhere`/],
    [['train', './none.mjs', '--data', 'nowhere'], /none\.mjs: expected a module with a network/],
    [['train', '--resume', 'nowhere'], /--resume: there is no folder nowhere/],
    [['eval', 'none.safetensors', '--data', 'nowhere'], /none\.safetensors/],
    [['predict', 'none.safetensors', 'cat.jpg'], /none\.safetensors/],
  ])('fails with a message and no stack: skein %j', async (words, message) => {
    const { code, stderr } = await skein(...words);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('shows the stack with --debug', async () => {
    const { stderr } = await skein('train', 'resnet21', '--data', 'nowhere', '--debug');
    expect(stderr).toMatch(/^ +at .*findModel/m);
  });

  it.each(['demo', 'models', 'train', 'eval', 'predict', 'embed'])('explains %s with an example', async (name) => {
    const { code, stdout } = await skein(name, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples?:\\n {2}skein ${name}`));
  });
});

describe('a run', { timeout: 120_000 }, () => {
  it('trains, evaluates and predicts', async () => {
    const out = join(folder, 'run');
    const data = join(folder, 'stripes');
    const flags = [
      '--epochs',
      '4',
      '-b',
      '20',
      '--warmup-epochs',
      '1',
      '--wd',
      '5e-4',
      '--lr',
      '0.1',
      '--augment',
      'flip',
    ];
    const trained = await skein('train', 'resnet8', '--data', data, '--out', out, ...flags);
    expect(trained).toMatchObject({ code: 0, stderr: '' });
    expect(trained.stdout).toMatch(/^ +4\/4 +\d/m);
    expect(trained.stdout).toMatch(/^test accuracy .*95 % interval .* 40 images/m);
    expect(trained.stdout).toContain(`skein eval ${out} --data ${data}`);
    expect(await readFile(join(out, 'config.yaml'), 'utf8')).toContain('warmup: 0.25');

    const evaluated = await skein('eval', out, '--data', data, '--json');
    const score = JSON.parse(evaluated.stdout) as Record<string, number>;
    expect(score).toMatchObject({ split: 'test', total: 40 });
    expect(score.correct).toBe(Math.round((score.top1 as number) * 40));

    const [row = ''] = (await readFile(join(out, 'results.csv'), 'utf8')).trim().split('\n').slice(-1);
    const held = await skein('eval', join(out, 'last.safetensors'), '--data', data, '--split', 'validation', '--json');
    expect(JSON.parse(held.stdout)).toMatchObject({ total: 20, top1: Number(row.split(',')[4]) });

    const image = join(folder, 'down.png');
    await sharp(stripes(true, 0), { raw: { width: side, height: side, channels: 1 } })
      .png()
      .toFile(image);
    const predicted = await skein('predict', out, image, '--json');
    expect(JSON.parse(predicted.stdout)).toEqual([
      {
        path: image,
        top: [
          { label: 'down', probability: expect.any(Number) },
          { label: 'across', probability: expect.any(Number) },
        ],
      },
    ]);
    expect((await skein('predict', out, folder)).stdout).toMatch(/down\.png\n {2}\w+ +\d+\.\d %/);
  });

  it('measures the held-out images of a flat folder as training did', async () => {
    const data = join(folder, 'flat');
    for (const down of [true, false]) {
      const ofClass = join(data, down ? 'down' : 'across');
      await mkdir(ofClass, { recursive: true });
      for (let i = 0; i < 20; i++)
        await sharp(stripes(down, i % 4), { raw: { width: side, height: side, channels: 1 } })
          .png()
          .toFile(join(ofClass, `${i}.png`));
    }
    const out = join(folder, 'flat-run');
    const flags = ['--image-size', '12', '--epochs', '1', '-b', '12', '--val-fraction', '0.1'];
    expect(await skein('train', 'resnet8', '--data', data, '--out', out, ...flags)).toMatchObject({ code: 0 });
    const [row = ''] = (await readFile(join(out, 'results.csv'), 'utf8')).trim().split('\n').slice(-1);
    const held = await skein('eval', out, '--data', data, '--split', 'validation', '--json');
    expect(JSON.parse(held.stdout)).toMatchObject({ total: 4, top1: Number(row.split(',')[4]) });
    expect((await skein('eval', out, '--data', data)).stdout).toContain('validation split');
    expect((await skein('eval', out, '--data', data, '--split', 'test')).stderr).toContain('has no test split');
  });

  it('repeats a run from its config.yaml, with flags over it', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    const data = join(folder, 'stripes');
    await skein(
      'train',
      'resnet8',
      '--data',
      data,
      '--out',
      first,
      '--epochs',
      '1',
      '--schedule',
      'one-cycle',
      '--nesterov',
    );
    const again = await skein(
      'train',
      '--config',
      join(first, 'config.yaml'),
      '--out',
      second,
      '--lr',
      '0.02',
      '--json',
    );
    expect(JSON.parse(again.stdout)).toMatchObject({
      folder: second,
      stopped: 'finished',
      test: { last: { total: 40 } },
    });
    const config = await readFile(join(second, 'config.yaml'), 'utf8');
    expect(config).toMatch(/nesterov: true/);
    expect(config).toMatch(/name: oneCycle\n +lr: 0\.02/);
  });

  it('trains a network of the user’s own, and explains a module without one', async () => {
    const [good, bad] = [join(folder, 'net.mjs'), join(folder, 'bad.mjs')];
    const library = pathToFileURL(join(source, 'index.ts')).href;
    await writeFile(
      good,
      `import { defineNetwork, flatten, linear } from '${library}';
       export const network = defineNetwork('mine', (image, { classes }) => linear(flatten(image), classes));`,
    );
    await writeFile(bad, 'export const depth = 3;');
    const flags = ['--data', 'stripes', '--epochs', '1', '--out', 'mine', '--json'];
    const { code, stdout } = await inFolder(['train', './net.mjs', ...flags]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ params: 2 * side * side + 2 });
    const without = await skein('train', bad, '--data', 'stripes');
    expect(without.code).toBe(1);
    expect(without.stderr).toContain(
      'expected a network exported as `network` or default, but the module exports depth',
    );
  });

  it('saves on Ctrl-C, and goes on as if it had never stopped', async () => {
    const words = ['train', 'resnet8', '--data', 'stripes', '-b', '20', '--epochs', '8', '--out', 'stopped'];
    const stopped = await inFolder(words, (child) => child.kill('SIGINT'));
    expect(stopped).toMatchObject({ code: 130, stderr: '' });
    expect(stopped.stdout).toContain('skein train --resume stopped\n');
    const resumed = await inFolder(['train', '--resume', 'stopped']);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    const rows = (await readFile(join(folder, 'stopped', 'results.csv'), 'utf8')).trim().split('\n').slice(1);
    expect(rows.map((row) => Number(row.split(',')[0]))).toEqual(Array.from({ length: 8 }, (_, i) => i + 1));
  });

  it('ends the demo on Ctrl-C, and says how to go on', async () => {
    const { code, stdout, stderr } = await inFolder(['demo', '--out', 'demo'], (child) => child.kill('SIGINT'));
    expect([code, stderr]).toEqual([130, '']);
    expect(stdout).toMatch(/To go on:\n {2}.*skein train --resume demo\/linear\n/);
  });

  it('names the step and the parameter where training blows up', async () => {
    const out = join(folder, 'nan');
    const { code, stderr } = await skein(
      ...[
        'train',
        'resnet8',
        '--data',
        join(folder, 'stripes'),
        '--lr',
        '1e6',
        '-b',
        '20',
        '--epochs',
        '9',
        '--out',
        out,
      ],
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/at step \d+ \(epoch \d\) the loss is .*gradient that is not finite is \S+\.weight/);
    expect(stderr).toContain('try a lower --lr');
  });
});
