/** Gradients that are reduced while others are computed: the same run as without, in real jobs of every launcher that is here. */
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
  folder = await mkdtemp(join(tmpdir(), 'skein-overlap-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Weights = readonly (readonly [string, readonly number[]])[];

const module = (name: string) => fileURLToPath(new URL(`./ranks/${name}`, import.meta.url));
let runs = 0;

async function start(name: string, words: readonly string[], environment = {}, mpi?: MpiHere): Promise<string> {
  const node = ['--import', import.meta.resolve('tsx'), module(name), ...words];
  const command = await mpi?.command(2);
  const [program, all] = command
    ? [command.program, [...command.words, process.execPath, ...node]]
    : [process.execPath, node];
  const env = { ...process.env, UCX_MEM_MMAP_HOOK_MODE: 'none', ...command?.environment, ...environment };
  return (await promisify(execFile)(program, all, { env })).stdout;
}

async function train(choices: Omit<RankChoices, 'out' | 'engine'>, overlap: string, mpi?: MpiHere): Promise<Weights> {
  const out = join(folder, `${runs++}.json`);
  await start('rank.ts', [JSON.stringify({ ...choices, engine: 'onednn', out })], { SKEIN_OVERLAP: overlap }, mpi);
  return (JSON.parse(await readFile(out, 'utf8')) as { weights: Weights }).weights;
}

function expectClose(given: Weights, wanted: Weights, tolerance: number): void {
  expect(given.map(([name]) => name)).toEqual(wanted.map(([name]) => name));
  for (const [i, [name, numbers]] of wanted.entries())
    expect(Float64Array.from(given[i]?.[1] ?? []), name).toBeClose(Float64Array.from(numbers), {
      relative: tolerance,
      absolute: tolerance,
    });
}

const hasOneDnn = enginesHere.some(({ name }) => name === 'onednn');

describe.runIf(hasOneDnn).each(mpiHere.map((mpi) => ({ mpi, family: mpi.family })))('with $family', ({ mpi }) => {
  it('sums begin in order during the run, are those of all ranks, and end also where a rank has no numbers', async () => {
    const lines = (await start('early-sums.ts', [], {}, mpi)).trim().split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const { rank, wasUnderWay, isUnderWay, names, sums, wrong, kept, afters } = JSON.parse(line);
      expect({ wasUnderWay, isUnderWay, wrong, kept }).toEqual({
        wasUnderWay: false,
        isUnderWay: true,
        wrong: [],
        kept: rank === 0,
      });
      expect(sums).toBe(names);
      expect(afters.length).toBeGreaterThan(3);
      expect(new Set(afters).size).toBe(afters.length);
    }
  }, 240_000);

  // one network under each launcher
  it.each(
    mpi === mpiHere[0] ? [{ network: 'resnet8' as const, syncBatchNorm: true }] : [{ network: 'plain' as const }],
  )(
    'the run is the same: $network',
    async (choices) => {
      const [one, without, overlapped] = [
        await train(choices, 'off'),
        await train(choices, 'off', mpi),
        await train(choices, 'on', mpi),
      ];
      expectClose(overlapped, without, 1e-5);
      expectClose(overlapped, one, 1e-4);
    },
    240_000,
  );

  it.runIf(mpi === mpiHere[0])(
    'a loss that is not finite is told as without',
    async () => {
      const messageOf = async (overlap: string) =>
        train({ network: 'resnet8', lr: 1e30 }, overlap, mpi).then(
          () => 'none',
          (error: { stderr: string }) => /train: at step \d+ .*/.exec(error.stderr)?.[0],
        );
      expect(await messageOf('on')).toEqual(await messageOf('off'));
      expect(await messageOf('on')).toContain('the loss is');
    },
    240_000,
  );
});
