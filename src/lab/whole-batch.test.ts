import { expect, it } from 'vitest';
import { wholeBatch } from './whole-batch.ts';

it('is refused where the data has fewer images', async () => {
  const batch = async (_: 'train' | 'test', count: number) => {
    const length = Math.min(count, 3);
    return { images: new Float32Array(length), labels: new Int32Array(length) };
  };
  expect((await wholeBatch({ batch }, 'train', 3)).labels).toHaveLength(3);
  await expect(wholeBatch({ batch }, 'train', 4)).rejects.toThrow('expected 4 images to train, but the data has 3');
});
