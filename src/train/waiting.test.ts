import { expect, test } from 'vitest';
import { Waiting } from './waiting.ts';
import { waitingAdvice } from './waiting-advice.ts';

test('the time from asking for an item to having it was waited, and the consumer’s own was not', async () => {
  let now = 0;
  async function* slow() {
    for (const item of ['a', 'b']) {
      now += 3;
      yield item;
    }
  }
  const waiting = new Waiting(() => now);
  expect(waiting.share).toBe(0);
  const got: string[] = [];
  for await (const item of waiting.over(slow())) {
    got.push(item);
    now += 1;
  }
  expect(got).toEqual(['a', 'b']);
  expect(waiting.share).toBe(6 / 8);
});

test('who leaves the loop early lets the source clean up', async () => {
  let isClean = false;
  async function* source() {
    try {
      yield 1;
      yield 2;
    } finally {
      isClean = true;
    }
  }
  for await (const _ of new Waiting().over(source())) break;
  expect(isClean).toBe(true);
});

const means = (workers: number, bytes = 1e6, limit = 1e9) => ({ workers, cache: { bytes, limit, folder: undefined } });
const steps = {
  perEpoch: 100,
  epochs: 9,
  seconds: 900,
  image: { channels: 3, height: 224, width: 224 },
  fileBytes: 40_000,
};
const side = (pixels: number, fileBytes = 4000) => ({
  ...steps,
  image: { channels: 3, height: pixels, width: pixels },
  fileBytes,
});
const run = { waiting: 0.3, pipeline: means(4), epochs: 9, steps };

test.each([
  ['cores without a thread', { pipeline: means(1, 1e9) }, 'a thread for each core', '--workers 4'],
  ['a cache that is too small', { pipeline: means(4, 0.95e9) }, 'that memory had no room for', undefined],
  ['no cache at all', { pipeline: means(4, 0, 0) }, 'leave out --cache off', undefined],
  ['nothing is ever seen again', { pipeline: means(4, 0.95e9), epochs: 1 }, '--image-size', undefined],
  ['all is used', {}, '--image-size', undefined],
  ['images that cannot become much smaller', { steps: side(64) }, 'faster disk', undefined],
  ['photographs of a phone', { steps: side(32, 4.1e6) }, 'smaller files, made once: they are of 4.1 MB', undefined],
  ['an epoch of a few seconds', { pipeline: means(1), steps: { ...steps, seconds: 50 } }, '--workers 4', undefined],
  ['a dataset of one’s own', { pipeline: undefined }, 'a faster `read` of the dataset', undefined],
] as const)('what helps: %s', (_, changes, way, flags) => {
  const advice = waitingAdvice({ ...run, ...changes }, 4);
  expect(advice?.ways[0]).toContain(way);
  expect(advice?.flags).toBe(flags);
  // whatever is printed can be copied
  expect(advice?.ways.join()).not.toContain('FOLDER');
});

test.each([
  ['steps hardly wait', { waiting: 0.1 }],
  ['steps are few', { steps: { ...steps, perEpoch: 19 } }],
  ['all of them took a moment', { steps: { ...steps, seconds: 9 } }],
  ['images are tiny', { pipeline: means(1), steps: side(32) }],
])('nothing is said where %s', (_, changes) => {
  expect(waitingAdvice({ ...run, ...changes }, 4)).toBeUndefined();
});
