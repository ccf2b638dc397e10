import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measuredSeconds } from './measured-seconds.ts';

test('a run took at least as long as its measured epochs, and a folder without any says nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skein-seconds-'));
  try {
    expect(await measuredSeconds(folder)).toBe(0);
    const lines = [
      { kind: 'epoch', step: 4, seconds: 3.5 },
      { kind: 'step', step: 5, seconds: 100 },
      { kind: 'epoch', step: 8, seconds: 2 },
    ];
    // a process that is killed leaves half a line
    await writeFile(
      join(folder, 'metrics.jsonl'),
      `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"kind":"ep`,
    );
    expect(await measuredSeconds(folder)).toBe(5.5);
  } finally {
    await rm(folder, { recursive: true });
  }
});
