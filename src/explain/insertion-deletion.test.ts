import { expect, it } from 'vitest';
import { Random } from '../tensor/index.ts';
import { probabilities } from './arithmetic/probabilities.ts';
import { PixelScores, randomMap } from './insertion-deletion.ts';
import type { Questions } from './questions.ts';

const side = 8;
const spot = 2 * side + 5;

/** Looks at one pixel alone: the more of it there is, the surer it is of class 1. */
const onePixel: Questions = {
  image: { channels: 1, height: side, width: side },
  classes: 2,
  black: [-1],
  logits: async (images) => {
    const count = images.length / side ** 2;
    return Float32Array.from({ length: 2 * count }, (_, i) =>
      i % 2 === 0 ? 0 : 20 * ((images[Math.floor(i / 2) * side ** 2 + spot] as number) - 0.5),
    );
  },
  probabilities: async (images) => probabilities(await onePixel.logits(images), 2, 1),
  atLayer: () => Promise.reject(new Error('not asked')),
  imageGradients: () => Promise.reject(new Error('not asked')),
};
const image = new Float32Array(side ** 2);
image[spot] = 1;
const scores = new PixelScores(onePixel, image, 1, 16);
const mapOf = (at: number) => ({
  values: Float32Array.from(image, (_, i) => (i === at ? 1 : 0)),
  height: side,
  width: side,
});

it('is near 1 for insertion and near 0 for deletion where the map marks what is looked at', async () => {
  const { insertion, deletion, inserted, deleted } = await scores.of(mapOf(spot));
  // the first and the last of 17 points count half
  expect(insertion).toBeGreaterThan(0.96);
  expect(deletion).toBeLessThan(0.04);
  expect([inserted.length, deleted.length]).toEqual([17, 17]);
  expect([inserted[0], inserted.at(-1), deleted[0], deleted.at(-1)].map((p) => Math.round(p as number))).toEqual([
    0, 1, 1, 0,
  ]);
});

it('is the other way round where the map keeps what is looked at to the last', async () => {
  const map = mapOf(spot);
  const { insertion, deletion } = await scores.of({ ...map, values: map.values.map((value) => -value) });
  expect(insertion).toBeLessThan(0.04);
  expect(deletion).toBeGreaterThan(0.96);
});

it('lies between the two for a random map, which is the same for the same seed', async () => {
  const { insertion, deletion } = await scores.of(randomMap({ height: 4, width: 4 }, new Random(3)));
  expect(insertion).toBeGreaterThan(0.04);
  expect(insertion).toBeLessThan(0.96);
  // the pixel comes when it would go
  expect(insertion + deletion).toBeClose(1, { absolute: 0.05 });
  const values = (seed: number) => [...randomMap({ height: 4, width: 4 }, new Random(seed)).values];
  expect(values(3)).toEqual(values(3));
  expect(values(3)).not.toEqual(values(4));
});
