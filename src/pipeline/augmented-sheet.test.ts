import { expect, test } from 'vitest';
import { flip } from '../augmentations/index.ts';
import { type Augmentation, type Dataset, decodeImage, memoryDataset } from '../data/index.ts';
import { DataError } from '../tensor/index.ts';
import { augmentedSheet } from './augmented-sheet.ts';

const normalisation = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] };
const side = 96;

/** Eight classes with an image each: its left half is red, its right half blue, and the class decides how green it is. */
const halves: Dataset = memoryDataset({
  name: 'halves',
  classes: Array.from({ length: 8 }, (_, i) => `class ${i}`),
  channels: 3,
  height: side,
  width: side,
  pixels: Uint8Array.from({ length: 8 * 3 * side * side }, (_, i) => {
    const [isLeft, channel] = [i % side < side / 2, Math.floor(i / side ** 2) % 3];
    return channel === 1 ? 10 * Math.floor(i / (3 * side ** 2)) : channel === (isLeft ? 0 : 2) ? 220 : 30;
  }),
  labels: Uint8Array.from({ length: 8 }, (_, i) => i),
});

const drawn = async (augment: readonly Augmentation[], dataset = halves, epochs = 2) => {
  const sheet = await augmentedSheet(dataset, { augment, normalisation, epochs });
  const { width, height, png } = sheet;
  const { pixels } = await decodeImage(png, { channels: 3, width, height });
  const at = (x: number, y: number) => [0, 1, 2].map((channel) => pixels[(channel * height + y) * width + x]);
  return { ...sheet, at };
};

/** From the right, where no label is: the left part of the images of the last row. */
const columns = [0, 1, 2].map((epoch) => ({
  fromRight: 16 + side - 10 + (2 - epoch) * (side + 4) + (epoch === 0 ? 12 : 0),
}));

test('each row has the original, and beside it what each epoch makes of it', async () => {
  const { width, height, at } = await drawn([flip({ probability: 1 })]);
  const colours = columns.map(({ fromRight }) => at(width - fromRight, height - 16 - side / 2));
  expect(colours).toEqual([
    [220, 70, 30],
    [30, 70, 220],
    [30, 70, 220],
  ]);
});

test('where classes are mixed, so much of each stands below', async () => {
  const half: Augmentation = {
    name: 'half',
    options: {},
    apply: (sample) => sample,
    mix: ({ targets, count }) => {
      for (let row = 0; row < count; row++) targets.fill(0.5, row * 8, row * 8 + 2);
    },
  };
  const [mixed, plain] = [await drawn([half]), await drawn([flip()])];
  if (plain.labelled) expect(mixed.height).toBeGreaterThan(plain.height + 8 * 16);
});

test('rows keep their images where an augmentation has some of them come again', async () => {
  const only: Augmentation = {
    name: 'only the first',
    options: {},
    apply: (sample) => sample,
    reorder: (order) => order.fill(order[0] as number),
  };
  const [first, other] = [await drawn([only]), await drawn([])];
  expect(first.png).toEqual(other.png);
});

test('of few classes there are several images each, and those that cannot be read are passed over', async () => {
  const dataset: Dataset = {
    ...halves,
    classes: ['a', 'b'],
    labels: [0, 0, 0, 0, 0, 1, 1, 1],
    read: (index) => {
      if (index === 0) throw new DataError('it is broken');
      return { ...halves.read(index), label: index < 5 ? 0 : 1 } as ReturnType<Dataset['read']>;
    },
  };
  const { height } = await drawn([flip()], dataset, 1);
  const { height: ofEight } = await drawn([flip()], halves, 1);
  expect(ofEight - height).toBe(side + 4);
  const none: Dataset = { ...dataset, read: () => Promise.reject(new DataError('it is broken')) };
  await expect(drawn([flip()], none)).rejects.toThrow('there is no image of halves that can be read');
});

test('the number of epochs is checked', async () => {
  await expect(augmentedSheet(halves, { augment: [], normalisation, epochs: 0 })).rejects.toThrow('`epochs` must be');
});
