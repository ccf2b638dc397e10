/** Ranks that share out a batch, with batch norm over all of them, against one rank that has it whole. */
import { describe, expect, it } from 'vitest';
import { evaluateInRanks } from '../src/engines/evaluator/evaluate.ts';
import { evaluate } from '../src/engines/index.ts';
import { type Array64, initialState, type Program } from '../src/ir/index.ts';
import { densenet, resnet } from '../src/models/index.ts';
import { gradientsProgram, type StepBatch, type StepOptions, stepInputs } from '../src/step/index.ts';
import { Random } from '../src/tensor/index.ts';
import { inRanks } from './meeting-ranks.ts';
import { widen } from './widen.ts';

const [images, classes, area] = [10, 4, 64];
const sizes = { image: { channels: 1, height: 8, width: 8 }, classes };
const networks = {
  'a residual network': resnet({ depth: 8 }),
  'a dense network with dropout': densenet({ depth: 10, growth: 4, dropout: 0.3 }),
};

/** A batch of ten, of which the first `real` count. */
function batchOf(real: number): StepBatch {
  const random = new Random('batch');
  return {
    images: Float32Array.from({ length: images * area }, () => random.normal()),
    labels: Int32Array.from({ length: images }, () => random.integer(classes)),
    weights: Float32Array.from({ length: images }, (_, i) => (i < real ? 1 : 0)),
  };
}

const [lr, seed, step] = [0, 3, 5];
const inputsOf = (program: Program, batch: StepBatch, share: number, from: number) =>
  widen(stepInputs(program, batch, lr, seed, step, { share }, { from, of: images }));

/** Its images, and what it counts by; a rank of samples that only fill up counts them, and for nothing. */
function partOf(whole: StepBatch, real: number, from: number, count: number): { batch: StepBatch; share: number } {
  const own = Math.min(count, Math.max(0, real - from));
  const weights = own === 0 ? new Float32Array(count).fill(1) : whole.weights.slice(from, from + count);
  const batch = {
    images: whole.images.slice(from * area, (from + count) * area),
    labels: whole.labels.slice(from, from + count),
    weights,
  };
  return { batch, share: own / real };
}

async function asOneAndAsSeveral(options: Omit<StepOptions, 'batchSize'>, samples: readonly number[], real: number) {
  const program = gradientsProgram({ ...options, batchSize: images });
  const whole = batchOf(real);
  const state = widen(initialState(program.graph, 1));
  const one = evaluate(program, inputsOf(program, whole, 1, 0), state);
  const several = await inRanks(samples.length, (rank, sum) => {
    const batchSize = samples[rank] as number;
    const own = gradientsProgram({ ...options, batchSize, ranks: { rank, samples, syncBatchNorm: true } });
    const from = samples.slice(0, rank).reduce((all, n) => all + n, 0);
    const { batch, share } = partOf(whole, real, from, batchSize);
    return evaluateInRanks(own, inputsOf(own, batch, share, from), state, sum);
  });
  return { one, several };
}

const numbersOf = (arrays: ReadonlyMap<string, Array64>, name: string) => (arrays.get(name) as Array64).data;

describe.each(Object.entries(networks))('%s', (_, network) => {
  it.each([
    { samples: [3, 3, 2, 2], real: 10 },
    { samples: [7, 3], real: 8 },
    { samples: [4, 3, 3], real: 7 },
  ])(
    'of $samples images, $real of them real, has the gradients and statistics of one rank',
    async ({ samples, real }) => {
      const { one, several } = await asOneAndAsSeveral({ network, ...sizes }, samples, real);
      expect(several.every(({ kept }) => kept)).toBe(true);
      const logits = several.flatMap(({ outputs }) => [...numbersOf(outputs, 'logits')]);
      expect(logits).toBeClose(numbersOf(one.outputs, 'logits'), { relative: 1e-11, absolute: 1e-11 });
      for (const [name, { data }] of one.updates) {
        const found = several.map(({ updates }) => numbersOf(updates, name));
        if (name.startsWith('gradient.')) {
          const sum = data.map((__, i) => found.reduce((all, own) => all + (own[i] as number), 0));
          expect(sum, name).toBeClose(data, { relative: 1e-10, absolute: 1e-10 });
        } else for (const own of found) expect(own, name).toBeClose(data, { relative: 1e-12, absolute: 1e-12 });
      }
    },
  );
});

it('recomputes cheap results with the same reductions, and the same gradients', async () => {
  const network = networks['a dense network with dropout'];
  const found = await Promise.all(
    (['none', 'cheap'] as const).map((recompute) => asOneAndAsSeveral({ network, ...sizes, recompute }, [6, 4], 10)),
  );
  const [plain, again] = found.map(({ several }) => several[1]?.updates as Map<string, Array64>);
  for (const [name, { data }] of plain as Map<string, Array64>)
    expect(numbersOf(again as Map<string, Array64>, name), name).toBeClose(data, { relative: 1e-13, absolute: 1e-13 });
});

it('needs no reduction where every rank has statistics of its own', () => {
  const ranks = { rank: 0, samples: [5, 5], syncBatchNorm: false };
  const { graph } = gradientsProgram({ network: networks['a residual network'], ...sizes, batchSize: 5, ranks });
  expect(graph.nodes.filter(({ op }) => op.name === 'allReduce')).toEqual([]);
});
