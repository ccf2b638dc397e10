import { expect, test } from 'vitest';
import { concurrencyLimit } from './concurrency-limit.ts';

test('no more tasks run at a time than allowed, all of them run, and errors take no place', async () => {
  const limited = concurrencyLimit(3);
  let [running, most] = [0, 0];
  const task = (i: number) => async () => {
    most = Math.max(most, ++running);
    await new Promise((done) => setImmediate(done));
    running--;
    if (i % 4 === 0) throw new Error(`task ${i}`);
    return i;
  };
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => limited(task(i))));
  expect(most).toBe(3);
  expect(results.map(({ status }) => status)).toEqual(
    Array.from({ length: 20 }, (_, i) => (i % 4 === 0 ? 'rejected' : 'fulfilled')),
  );
});
