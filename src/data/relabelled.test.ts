import { expect, it } from 'vitest';
import type { Dataset } from './dataset.ts';
import { relabelled } from './relabelled.ts';

const image = { channels: 1, height: 1, width: 1, pixels: Uint8Array.of(7) };
const labels = [0, 1, 2, 1];
const dataset: Dataset = {
  name: 'letters',
  classes: ['a', 'b', 'c'],
  length: 4,
  labels,
  softLabels: true,
  read: (index) => ({ image, label: labels[index] as number, targets: [0.5, 0.3, 0.2] }),
};
const known = ['z', 'c', 'b', 'a'];

it('gives labels and shares in the other list of classes, and leaves images as they are', async () => {
  const changed = relabelled(dataset, known, [3, 2, 1]);
  expect(changed).toMatchObject({ name: 'letters', classes: known, length: 4, softLabels: true });
  expect(Array.from(changed.labels ?? [])).toEqual([3, 2, 1, 2]);
  const sample = await changed.read(2);
  expect(sample).toMatchObject({ image, label: 1 });
  expect(Array.from(sample.targets ?? [])).toEqual([0, 0.2, 0.3, 0.5].map(Math.fround));
  const late = relabelled({ ...dataset, read: async (index) => dataset.read(index) }, known, [3, 2, 1]);
  expect((await late.read(0)).label).toBe(3);
});

it('is the dataset itself where nothing changes', () => {
  expect(relabelled(dataset, ['a', 'b', 'c'], [0, 1, 2])).toBe(dataset);
});

it('refuses a label that is none of the classes of the dataset, although the other list is longer', () => {
  const { labels: _, ...bare } = dataset;
  const wrong = relabelled({ ...bare, read: () => ({ image, label: 3 }) }, known, [3, 2, 1]);
  expect(() => wrong.read(1)).toThrow('letters: expected labels from 0 to 2, but sample 1 has 3');
});
