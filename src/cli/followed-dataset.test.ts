import { expect, test } from 'vitest';
import { memoryDataset } from '../data/index.ts';
import { batches } from '../pipeline/index.ts';
import { followedDataset } from './followed-dataset.ts';

test('samples that fill up the last batch are not counted again', async () => {
  const size = { channels: 1, height: 2, width: 2 };
  const labels = [0, 1, 0, 1, 0];
  const dataset = memoryDataset({ name: 'five', classes: ['a', 'b'], ...size, pixels: new Uint8Array(20), labels });
  const heard: number[] = [];
  const followed = followedDataset(dataset, (done) => heard.push(done));
  const normalisation = { mean: [0], std: [1] };
  for await (const _ of batches({ dataset: followed, order: [0, 1, 2, 3, 4], batchSize: 4, normalisation }));
  expect(heard).toEqual([1, 2, 3, 4, 5]);
});
