/** Ranks that share out a batch, with batch norm over all of them, against one rank that has it whole. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { evaluateInRanks } from '../src/engines/evaluator/evaluate.ts';
import { evaluate } from '../src/engines/index.ts';
import { type Array64, initialState } from '../src/ir/index.ts';
import { gradientsProgram } from '../src/step/index.ts';
import { enginesHere } from './engines-here.ts';
import { launchersHere } from './launchers-here.ts';
import { inRanks } from './meeting-ranks.ts';
import { type SharedOut, sharedInputs, sharedNetworks, sharedProgram } from './shared-batch.ts';
import { widen } from './widen.ts';

const isGradient = (name: string) => name.startsWith('gradient.');
const numbersOf = (arrays: ReadonlyMap<string, Array64>, name: string) => (arrays.get(name) as Array64).data;

function asOne(shared: SharedOut) {
  const program = sharedProgram(shared);
  return evaluate(program, widen(sharedInputs(program, shared)), widen(initialState(program.graph, 1)));
}

const asSeveral = (shared: SharedOut) =>
  inRanks(shared.samples.length, (rank, sum) => {
    const program = sharedProgram(shared, rank);
    const state = widen(initialState(program.graph, 1));
    return evaluateInRanks(program, widen(sharedInputs(program, shared, rank)), state, sum);
  });

const networks = Object.keys(sharedNetworks) as SharedOut['network'][];

describe.each(networks)('a %s network', (network) => {
  it.each([
    { samples: [3, 3, 2, 2], real: 10 },
    { samples: [7, 3], real: 8 },
    { samples: [4, 3, 3], real: 7 },
  ])(
    'with ranks of $samples images, $real real ones in all, has the gradients and statistics of one rank',
    async (split) => {
      const shared = { network, ...split };
      const one = asOne(shared);
      const several = await asSeveral(shared);
      expect(several.every(({ kept }) => kept)).toBe(true);
      const logits = several.flatMap(({ outputs }) => [...numbersOf(outputs, 'logits')]);
      expect(logits).toBeClose(numbersOf(one.outputs, 'logits'), { relative: 1e-11, absolute: 1e-11 });
      for (const [name, { data }] of one.updates) {
        const found = several.map(({ updates }) => numbersOf(updates, name));
        if (isGradient(name)) {
          const sum = data.map((__, i) => found.reduce((all, own) => all + (own[i] as number), 0));
          expect(sum, name).toBeClose(data, { relative: 1e-10, absolute: 1e-10 });
        } else for (const own of found) expect(own, name).toBeClose(data, { relative: 1e-12, absolute: 1e-12 });
      }
    },
  );
});

it('recomputes cheap results with the same reductions, and the same gradients', async () => {
  const shared = { network: 'dense with dropout', samples: [6, 4], real: 10 } as const;
  const [plain, again] = [await asSeveral(shared), await asSeveral({ ...shared, recompute: 'cheap' })];
  for (const [rank, { updates }] of plain.entries())
    for (const [name, { data }] of updates) {
      const found = numbersOf(again[rank]?.updates as Map<string, Array64>, name);
      expect(found, name).toBeClose(data, { relative: 1e-13, absolute: 1e-13 });
    }
});

it('needs no reduction where every rank has statistics of its own', () => {
  const ranks = { rank: 0, samples: [5, 5], syncBatchNorm: false };
  const sizes = { image: { channels: 1, height: 8, width: 8 }, classes: 4, batchSize: 5 };
  const { graph } = gradientsProgram({ network: sharedNetworks.residual, ...sizes, ranks });
  expect(graph.nodes.filter(({ op }) => op.name === 'allReduce')).toEqual([]);
});

const jobs = launchersHere.flatMap((launcher, i) =>
  enginesHere.map(({ name }, k) => ({
    launcher: launcher.name,
    engine: name,
    network: networks[(i + k) % networks.length] as SharedOut['network'],
    start: launcher,
  })),
);

describe('ranks of a job', () => {
  it.each(jobs)(
    'under $launcher on $engine have the gradients and statistics of one rank: a $network network',
    async ({ engine, network, start: { program, words } }) => {
      const folder = await mkdtemp(join(tmpdir(), 'ranks-'));
      try {
        const shared: SharedOut = { network, samples: [7, 3], real: 8 };
        const module = fileURLToPath(new URL('sharing-rank.ts', import.meta.url));
        const node = [process.execPath, '--import', import.meta.resolve('tsx'), module];
        await promisify(execFile)(program, [...words, '-n', '2', ...node, engine, JSON.stringify(shared), folder]);
        const found = await Promise.all([0, 1].map((rank) => readFile(join(folder, `${rank}.json`), 'utf8')));
        expect(found[1]).toBe(found[0]);
        const state = JSON.parse(found[0] as string) as Record<string, number[]>;
        for (const [name, { data }] of asOne(shared).updates)
          expect(state[name], name).toBeClose(data, { relative: 1e-4, absolute: 1e-5 });
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});
