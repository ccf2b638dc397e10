import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallImage } from '../../tests/small-checkpoint.ts';
import { tensor } from '../tensor/index.ts';
import { chosenMethods } from './explain-options.ts';
import type { ExplainedMap, Explanation } from './explanation.ts';
import { methodTitles } from './method-titles.ts';
import { writeExplanation } from './write-explanation.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-written-'));
});
afterAll(() => rm(folder, { recursive: true }));

const methods = chosenMethods('occlusion:window=8,occlusion:window=4');

it('numbers the title of a method that is asked again', () => {
  expect(methodTitles(methods)).toEqual(['Occlusion', 'Occlusion 2']);
  expect(methodTitles(chosenMethods('gradCam,occlusion'))).toEqual(['Grad-CAM', 'Occlusion']);
});

it('gives each map a file of its own, whatever the labels are called and however often a method is asked', async () => {
  const titles = methodTitles(methods);
  const maps = ['猫', '犬'].flatMap((label, labelIndex) =>
    titles.map((title, i): ExplainedMap => {
      const map = tensor('float32', [2, 2], Float32Array.of(i, labelIndex, 2, 3));
      return { method: 'occlusion', title, label, labelIndex, probability: 0.5, layer: undefined, map };
    }),
  );
  const explanation: Explanation = {
    images: [{ name: 'photo.jpg', image: smallImage(1), predictions: [], maps }],
    layer: undefined,
  };
  const about = { network: 'two-stages', checkpoint: 'small.safetensors', methods };
  const written = await writeExplanation(folder, explanation, about);
  const stems = ['1-photo-occlusion-_', '1-photo-occlusion-_-2', '1-photo-occlusion-_-3', '1-photo-occlusion-_-4'];
  expect(written.maps.map(({ file }) => basename(file))).toEqual(stems.map((stem) => `${stem}.png`));
  const files = await readdir(folder);
  expect(files.sort()).toEqual([...stems.flatMap((stem) => [`${stem}.npy`, `${stem}.png`]), 'explanation.html'].sort());
  const contents = await Promise.all(stems.map((stem) => readFile(join(folder, `${stem}.npy`), 'base64')));
  expect(new Set(contents).size).toBe(4);
  expect(await readFile(written.page, 'utf8')).toContain('Occlusion 2');
});
