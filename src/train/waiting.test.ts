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

const means = (workers: number, bytes = 1e6) => ({ workers, cache: { bytes, limit: 1e9, folder: undefined } });

test.each([
  ['hardly waiting', { waiting: 0.1, pipeline: means(1), epochs: 9 }, undefined],
  ['cores without a thread', { waiting: 0.3, pipeline: means(1, 1e9), epochs: 9 }, '--workers 4'],
  ['a cache that is too small', { waiting: 0.3, pipeline: means(4, 0.95e9), epochs: 9 }, '--cache FOLDER'],
  ['nothing is ever seen again', { waiting: 0.3, pipeline: means(4, 0.95e9), epochs: 1 }, undefined],
  ['all is used', { waiting: 0.3, pipeline: means(4), epochs: 9 }, undefined],
] as const)('what helps: %s', (_, run, flags) => {
  expect(waitingAdvice(run, 4)?.flags).toBe(flags);
});

test('there is always something that helps, also where images are not files', () => {
  expect(waitingAdvice({ waiting: 0.2, pipeline: means(4), epochs: 9 }, 4)?.ways[0]).toContain('--image-size');
  const own = waitingAdvice({ waiting: 0.2, pipeline: undefined, epochs: 9 }, 4);
  expect(own?.ways).toEqual(['a faster `read` of the dataset, or one that keeps what it made']);
  expect(own?.flags).toBeUndefined();
});
