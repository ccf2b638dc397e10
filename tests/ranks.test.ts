/** Several ranks against one: the same run to rounding, in real jobs of every launcher that is here. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enginesHere } from './engines-here.ts';
import { type MpiHere, mpiHere } from './mpi-here.ts';
import type { RankChoices } from './ranks/rank.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-ranks-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Scores = { readonly [name: string]: number | Scores } | readonly Scores[];

interface Outcome {
  readonly weights: readonly (readonly [string, readonly number[]])[];
  readonly scores: Scores;
  /** Training images that each rank read, one after the other. */
  readonly read: readonly (readonly number[])[];
  readonly ranks?: { readonly size: number; readonly library: string };
  readonly page: boolean;
}

const rank = fileURLToPath(new URL('./ranks/rank.ts', import.meta.url));
let runs = 0;

async function run(choices: Omit<RankChoices, 'out'>, mpi?: MpiHere, size = 1): Promise<Outcome> {
  const out = join(folder, `${runs++}.json`);
  const node = ['--import', import.meta.resolve('tsx'), rank, JSON.stringify({ ...choices, out })];
  const command = await mpi?.command(size);
  const [program, words] = command
    ? [command.program, [...command.words, process.execPath, ...node]]
    : [process.execPath, node];
  await promisify(execFile)(program, words, { env: { ...process.env, ...command?.environment } });
  const all = Array.from({ length: size }, (_, i) => readFile(`${out}-${i}`, 'utf8'));
  const read = (await Promise.all(all)).map((text) => JSON.parse(text) as number[]);
  return { ...(JSON.parse(await readFile(out, 'utf8')) as Omit<Outcome, 'read'>), read };
}

/** All scores with their names, such as `epochs.0.train.loss`. */
const named = (scores: Scores | number, name: string): [string, number][] =>
  typeof scores === 'number'
    ? [[name, scores]]
    : Object.entries(scores).flatMap(([key, value]) => named(value as Scores | number, `${name}.${key}`));

/** Launchers in turn, so that each starts jobs of every engine. */
function jobOf(size: number, turn: number): { size: number; mpi: MpiHere; family: string } {
  const mpi = mpiHere[turn % mpiHere.length] as MpiHere;
  return { size, mpi, family: mpi.family };
}

/** On the evaluator all; two sizes are in turn on the others. */
const sizesOf = (engine: string, { network, accumulate }: { network: string; accumulate?: number }): number[] => {
  if (mpiHere.length === 0) return [];
  return engine === 'evaluator' ? [2, 4] : [network === 'plain' && accumulate === undefined ? 4 : 2];
};

const engines = ['evaluator', ...enginesHere.map(({ name }) => name)];

describe.skipIf(mpiHere.length === 0).each(engines)('on %s', (engine) => {
  // a weight is float32 between steps: equal, or the next number
  const near = engine === 'evaluator' ? { relative: 1e-7, absolute: 1e-10 } : { relative: 1e-4, absolute: 1e-4 };

  describe.each([
    { network: 'plain' as const, syncBatchNorm: false },
    { network: 'plain' as const, syncBatchNorm: false, accumulate: 2 },
    { network: 'resnet8' as const, syncBatchNorm: true },
  ])('$network, statistics of all: $syncBatchNorm, $accumulate', (choices) => {
    let one: Outcome;
    beforeAll(async () => {
      one = await run({ ...choices, engine });
    }, 300_000);

    it.each(sizesOf(engine, choices).map((size, i) => jobOf(size, i + engines.indexOf(engine))))(
      '$size ranks of $family are one',
      async ({ mpi, size, family }) => {
        const several = await run({ ...choices, engine }, mpi, size);
        expect(several.ranks?.size).toBe(size);
        expect(several.ranks?.library).toContain(family);
        expect(several.page).toBe(true);
        const [theirs, own] = [named(several.scores, 'scores'), named(one.scores, 'scores')];
        expect(theirs.map(([name]) => name)).toEqual(own.map(([name]) => name));
        expect(own.filter(([name]) => name.endsWith('.total')).length).toBeGreaterThan(3);
        // losses to rounding, and so all images were counted once; how many are right, and so which epoch was best, where none is on the edge
        for (const [i, [name, number]] of own.entries())
          if (name.endsWith('.total')) expect(theirs[i]?.[1], name).toBe(number);
          else if (name.endsWith('loss') && !name.includes('.best.'))
            expect(theirs[i]?.[1], name).toBeCloseTo(number, 3);
          else if (engine === 'evaluator') expect(theirs[i]?.[1], name).toBeCloseTo(number, 5);
        // each reads its part of every batch, and once all for their digest, as these are no files
        const counts = several.read.map(({ length }) => length);
        const perBatch = Math.ceil(10 / (choices.accumulate ?? 1) / size);
        const batches = Math.ceil(37 / (10 / (choices.accumulate ?? 1)));
        expect(Math.max(...counts)).toBeLessThanOrEqual(3 * batches * perBatch + 37 + 10);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual((3 + size) * 37);
        expect(several.weights.map(([name]) => name)).toEqual(one.weights.map(([name]) => name));
        for (const [i, [name, numbers]] of one.weights.entries())
          expect(Float64Array.from(several.weights[i]?.[1] ?? []), name).toBeClose(
            Float64Array.from(numbers),
            // one process that accumulates has the shares of its batches in float32
            choices.accumulate ? { relative: 1e-4, absolute: Math.max(near.absolute, 1e-7) } : near,
          );
      },
      300_000,
    );
  });
});
