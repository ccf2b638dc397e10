/** Runs that are killed in the middle of anything end in the bytes of those that are not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../src/tensor/index.ts';
import { choiceNames, combinations, rows } from './combinations.ts';
import { type Ground, killed, makeGround, momentIn } from './killed-combination.ts';
import type { Moment } from './killed-run.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await makeGround(await mkdtemp(join(tmpdir(), 'skein-killed-')));
}, 300_000);
afterAll(() => rm(ground.folder, { recursive: true }));

it('the combinations have each pair of choices, but bf16 on ONNX Runtime', () => {
  const missing: string[] = [];
  for (const [i, one] of choiceNames.entries())
    for (const [j, other] of choiceNames.entries())
      for (const pair of i < j ? ['--', '-+', '+-', '++'] : [])
        if (!Object.values(rows).some((row) => `${row[i]}${row[j]}` === pair)) missing.push(`${pair} ${one} ${other}`);
  expect(missing).toEqual(['++ bf16 onnxruntime']);
});

/** Of a run that fine-tunes: the head's only epoch, the border to the next phase, and the next phase; of others, random ones. */
const special: Readonly<Record<string, readonly Moment[]>> = {
  'tuned in bf16': [
    { epochs: 0, changes: 9 },
    { epochs: 1, changes: 2 },
    { epochs: 1, changes: 12 },
  ],
};

describe('a run that is killed with SIGKILL ends in the same bytes', () => {
  for (const combination of combinations) {
    const { name, instead } = combination;
    it(`${name}${instead && ` (${instead})`}`, { timeout: 900_000 }, async () => {
      const moments = special[name] ?? [momentIn(new Random(`killed ${name}`))];
      const { kills, different } = await killed(ground, combination, moments);
      expect(different).toEqual([]);
      expect(kills).toBe(moments.length);
    });
  }
});
