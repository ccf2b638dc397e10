/** The shortest of `killed-runs.test.ts`: one run, killed twice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Combination, combinations } from './combinations.ts';
import { killed, makeGround } from './killed-combination.ts';

it('a run that is killed with SIGKILL twice ends in the same bytes', { timeout: 600_000 }, async () => {
  const ground = await makeGround(await mkdtemp(join(tmpdir(), 'skein-killed-once-')));
  try {
    const combination = combinations.find(({ name }) => name === 'many at once on ONNX Runtime') as Combination;
    // within the second epoch, and at the end of the last
    const moments = [
      { epochs: 1, changes: 14 },
      { epochs: 3, changes: 1 },
    ];
    expect(await killed(ground, combination, moments)).toEqual({ kills: 2, different: [] });
  } finally {
    await rm(ground.folder, { recursive: true });
  }
});
