/** An augmentation of one's own in a module: it brightens at random, and can do in a thread what no augmentation should. */
import { isMainThread } from 'node:worker_threads';
import { defineAugmentation } from '../src/data/index.ts';
import { choice, whole } from '../src/parts/index.ts';

export const brighten = defineAugmentation({
  name: 'brighten',
  about: 'brightens at random',
  options: {
    most: whole({ about: 'levels', from: 1, default: 100 }),
    inThread: choice(['brighten', 'exit', 'stand still', 'throw', 'fill memory'], {
      about: 'what it does in a thread to images of label 1',
      default: 'brighten',
    }),
  },
  make: ({ most, inThread }) => ({
    apply(sample, random) {
      if (!isMainThread && sample.label === 1) misbehave(inThread);
      const add = random.integer(most);
      return {
        ...sample,
        image: { ...sample.image, pixels: sample.image.pixels.map((level) => Math.min(255, level + add)) },
      };
    },
  }),
});

function misbehave(how: string): void {
  if (how === 'exit') process.exit(3);
  if (how === 'stand still') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (how === 'throw') throw new RangeError('no such fog');
  const filled: number[][] = [];
  while (how === 'fill memory') filled.push(Array.from({ length: 100_000 }, (_, i) => i + 0.5));
}
