import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Dataset } from './dataset.ts';
import { loadData } from './load-data.ts';

const path = (file: string) => fileURLToPath(new URL(`../../data/fashion-mnist/${file}`, import.meta.url));
const countsOf = ({ classes, labels = [] }: Dataset) =>
  classes.map((_, label) => Array.from(labels).filter((other) => other === label).length);

test('the shipped sample has 600 training and 100 test images of each of 10 classes, shuffled', async () => {
  const { train, test: testSet, normalisation } = await loadData('fashion-mnist-sample');
  expect(countsOf(train)).toEqual(new Array(10).fill(600));
  expect(countsOf(testSet as Dataset)).toEqual(new Array(10).fill(100));
  expect(new Set(Array.from({ length: 60 }, (_, i) => train.labels?.[i])).size).toBe(10);
  expect((await train.read(0)).image).toMatchObject({ channels: 1, height: 28, width: 28 });
  expect(normalisation).toEqual({ mean: [0.286], std: [0.353] });
});

test('no image of the shipped sample is blank or comes twice', async () => {
  const { train } = await loadData('fashion-mnist-sample');
  const images = new Set<string>();
  for (let i = 0; i < train.length; i++) images.add(Buffer.from((await train.read(i)).image.pixels).toString('latin1'));
  expect(images.size).toBe(train.length);
  expect(images.has('\0'.repeat(784))).toBe(false);
});

test('the shipped sample carries its licence and class names, and stays small', async () => {
  const licence = await readFile(path('LICENSE'), 'utf8');
  expect(licence).toContain('MIT License');
  expect(licence).toContain('Copyright (c) 2017 Zalando SE, https://tech.zalando.com');
  const { train } = await loadData('fashion-mnist-sample');
  expect((await readFile(path('classes.txt'), 'utf8')).trim().split('\n')).toEqual(train.classes);
  const readme = await readFile(path('README.md'), 'utf8');
  for (const [label, name] of train.classes.entries()) expect(readme).toContain(`| ${label} | ${name} |`);
  const files = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'];
  const sizes = await Promise.all(files.map(async (file) => (await stat(path(`${file}-ubyte.gz`))).size));
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(4_000_000);
});
