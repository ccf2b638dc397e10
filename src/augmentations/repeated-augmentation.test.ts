import { expect, test } from 'vitest';
import { memoryDataset } from '../data/index.ts';
import { batches } from '../pipeline/index.ts';
import { Random } from '../tensor/index.ts';
import { padCrop, repeatedAugmentation } from './index.ts';

test('each sample comes so many times in a row, and the epoch keeps its length', () => {
  const order = Uint32Array.of(4, 0, 3, 1, 2, 6, 5);
  const { reorder } = repeatedAugmentation();
  expect(reorder?.(order, new Random(0))).toEqual(Uint32Array.of(4, 4, 4, 0, 0, 0, 3));
  expect(repeatedAugmentation({ times: 2 }).reorder?.(order, new Random(0))).toEqual(
    Uint32Array.of(4, 4, 0, 0, 3, 3, 1),
  );
});

test('each time a sample is changed differently', async () => {
  const noise = new Random('pixels');
  const dataset = memoryDataset({
    name: 'noise',
    classes: ['a'],
    channels: 1,
    height: 12,
    width: 12,
    pixels: Uint8Array.from({ length: 2 * 144 }, () => noise.integer(256)),
    labels: [0, 0],
  });
  const augment = [repeatedAugmentation({ times: 3 }), padCrop({ pad: 4 })];
  const order = [1, 0, 1, 0, 1, 0];
  const normalisation = { mean: [0], std: [1] };
  for await (const { images } of batches({ dataset, order, batchSize: 6, augment, normalisation })) {
    const rows = Array.from({ length: 6 }, (_, row) => images.slice(144 * row, 144 * (row + 1)).join());
    expect(new Set(rows).size).toBe(6);
  }
});
