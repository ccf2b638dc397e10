/** What is chosen where a person names no network, and what `skein data` ends with. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { publishedWeights } from '../src/models/index.ts';
import { skein } from './run-skein.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-unnamed-'));
  await pictures('small', 24);
  await pictures('photographs', 120);
});
afterAll(() => rm(folder, { recursive: true }));

/** Two classes that a colour tells. */
async function pictures(name: string, side: number): Promise<void> {
  for (const [kind, background] of Object.entries({ dark: '#123', light: '#eda' })) {
    await mkdir(join(folder, name, kind), { recursive: true });
    const png = await sharp({ create: { width: side, height: side, channels: 3, background } })
      .png()
      .toBuffer();
    for (let i = 0; i < 20; i++) await writeFile(join(folder, name, kind, `${i}.png`), png);
  }
}

test('small images train a small network from random weights, and each choice names its flag', async () => {
  const out = join(folder, 'run');
  const flags = ['--epochs', '1', '--engine', 'onnxruntime', '--out', out];
  const { code, stdout, stderr } = await skein('train', '--data', join(folder, 'small'), ...flags);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^No network was named; for images of 24×24 pixels these are chosen:\n/);
  for (const choice of [/network +resnet20 +another/, /weights +random +--weights/, /images +32×32 +--image-size/])
    expect(stdout).toMatch(choice);
  const config = parse(await readFile(join(out, 'config.yaml'), 'utf8'));
  // 36 images: the smallest batch, an eighth of the published rate, a tenth of the run to warm up
  expect(config).toMatchObject({ model: 'resnet20', batchSize: 16, image: { height: 32 } });
  expect(config.schedule).toMatchObject({ lr: 0.0125, warmup: 0.1 });
});

test('photographs without reachable weights train nothing, and the message says what to do', async () => {
  const { code, stdout, stderr } = await skein('train', '--data', join(folder, 'photographs'));
  expect(code).toBe(1);
  expect(stdout).toMatch(/network +resnet18/);
  expect(stdout).toMatch(/weights +trained on ImageNet +--weights none/);
  expect(stdout).not.toContain('epoch  train');
  expect(stderr).toContain('SKEIN_WEIGHTS');
  expect(stderr).toContain('--weights none');
});

test('photographs train from random weights where a person says so', async () => {
  const out = join(folder, 'scratch');
  const flags = ['--weights', 'none', '--epochs', '1', '--engine', 'onnxruntime', '--out', out];
  const { code, stderr } = await skein('train', '--data', join(folder, 'photographs'), ...flags);
  expect(code, stderr).toBe(0);
  const config = parse(await readFile(join(out, 'config.yaml'), 'utf8'));
  expect(config).toMatchObject({ model: 'resnet20', image: { height: 64 } });
  expect(config).not.toHaveProperty('fineTune');
});

test('weights of no named network are refused', async () => {
  const { code, stderr } = await skein('train', '--data', join(folder, 'small'), '--weights', 'some.pth');
  expect(code).toBe(1);
  expect(stderr).toContain('expected the network that they are of');
});

test('skein data goes on from ImageNet weights that are on the machine, and from random ones where none can be had', async () => {
  const words = ['data', join(folder, 'photographs'), '--no-time'];
  const without = await skein(...words);
  expect(without.stdout).toMatch(/train resnet20 --data \S+ --image-size 64 --epochs 30\n/);
  const repository = publishedWeights('resnet18').source.replace(/^.*\//, '');
  await mkdir(join(folder, 'weights', repository), { recursive: true });
  await writeFile(join(folder, 'weights', repository, 'model.safetensors'), '');
  vi.stubEnv('SKEIN_WEIGHTS', join(folder, 'weights'));
  try {
    const { stdout } = await skein(...words);
    expect(stdout).toMatch(/resnet18 --data \S+ --weights imagenet --fine-tune all --image-size 96 --epochs 10\n/);
  } finally {
    vi.unstubAllEnvs();
  }
});

test('skein data ends with the command and the seconds that it takes here', async () => {
  const { code, stdout } = await skein('data', join(folder, 'small'), '--json');
  expect(code).toBe(0);
  const { next } = JSON.parse(stdout) as { next: { command: string; seconds: number } };
  expect(next).toMatchObject({ model: 'resnet20', imageSize: 32, epochs: 30, weights: 'none' });
  expect(next.command).toContain(`train resnet20 --data ${join(folder, 'small')} --image-size 32 --epochs 30`);
  expect(next.seconds).toBeGreaterThan(0);
});
