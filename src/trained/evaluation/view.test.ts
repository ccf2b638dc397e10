import { describe, expect, it } from 'vitest';
import { seenThrough } from './view.ts';
import { findViews, viewSets } from './views/index.ts';

/** Two images of one channel, 2×4. */
const images = Float32Array.from({ length: 16 }, (_, i) => i);
const shape = [2, 1, 2, 4] as const;
const still = { isMirrored: false, right: 0, down: 0 };

describe('seenThrough', () => {
  it('mirrors each row of each image', () => {
    expect([...seenThrough({ ...still, isMirrored: true }, images, shape)]).toEqual([
      3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12,
    ]);
  });

  it('moves by whole pixels and repeats the border', () => {
    expect([...seenThrough({ ...still, right: 0.25 }, images, shape).subarray(0, 8)]).toEqual([1, 2, 3, 3, 5, 6, 7, 7]);
    expect([...seenThrough({ ...still, right: -0.25 }, images, shape).subarray(0, 4)]).toEqual([0, 0, 1, 2]);
    expect([...seenThrough({ ...still, down: 0.5 }, images, shape).subarray(0, 8)]).toEqual([4, 5, 6, 7, 4, 5, 6, 7]);
    expect([...seenThrough({ ...still, right: 0.25, isMirrored: true }, images, shape).subarray(0, 4)]).toEqual([
      3, 3, 2, 1,
    ]);
  });

  it('moves small images by a pixel at least, and leaves what it is given alone', () => {
    expect([...seenThrough({ ...still, right: 0.01 }, images, shape).subarray(0, 4)]).toEqual([1, 2, 3, 3]);
    expect([...seenThrough(still, images, shape)]).toEqual([...images]);
    expect(images[0]).toBe(0);
  });
});

describe('the sets of views', () => {
  it('are two and ten views, all different', () => {
    expect(viewSets.map(({ name, views }) => [name, views.length + 1])).toEqual([
      ['flip', 2],
      ['crops', 10],
    ]);
    for (const { views } of viewSets)
      expect(new Set([still, ...views].map((view) => JSON.stringify(view))).size).toBe(views.length + 1);
  });

  it('are found by name', () => {
    expect(findViews('flip').views).toHaveLength(1);
    expect(() => findViews('flips')).toThrow('unknown test-time augmentation `flips`; did you mean flip?');
  });
});
