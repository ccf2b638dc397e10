/**
 * The evaluator as an engine: for tests and tiny networks. A run is computed in float64; between runs, state has the type that programs give
 * it, float32, so that a checkpoint holds all that the next step starts from.
 */
import type { Array64, Program, Value } from '../../ir/index.ts';
import { type Dtype, EngineError, type Tensor, zeros } from '../../tensor/index.ts';
import { expectFloat32, expectTensors, inputTypes, stateTypes } from '../check.ts';
import type { Engine, Executable, Ranks, Tensors } from '../engine.ts';
import { RunOutputs } from '../run-outputs.ts';
import { evaluate, evaluateInRanks } from './evaluate.ts';

const on = (ranks: Ranks | undefined): Engine => ({
  name: 'evaluator',
  compile: async (programs, options = {}) => {
    expectFloat32('evaluator', options);
    return compile(programs, ranks);
  },
});

/** Runs programs in float64 with plain loops; hundreds of times slower than the other engines. */
export const evaluator: Engine = {
  ...on(undefined),
  inRanks: async (ranks) => on(ranks),
};

function compile(programs: Readonly<Record<string, Program>>, ranks: Ranks | undefined): Executable {
  const types = stateTypes(programs);
  const isSum = sumsOf(programs);
  const state = new Map<string, Array64>();
  return {
    load: async (tensors) => {
      expectTensors('load', types, tensors);
      for (const [name, { shape, data }] of tensors) state.set(name, { shape, data: widen(data) });
    },
    run: async (entry, inputs) => {
      const program = programs[entry];
      if (!program)
        throw new EngineError(`run: no entry point \`${entry}\`; there are ${Object.keys(programs).join(', ')}`);
      expectTensors(`run ${entry}`, inputTypes(program), inputs);
      const arrays = new Map([...inputs].map(([name, { shape, data }]) => [name, { shape, data: widen(data) }]));
      const { outputs, updates, kept } = ranks
        ? await evaluateInRanks(program, arrays, state, (numbers) => ranks.sum(numbers))
        : evaluate(program, arrays, state);
      for (const [name, { shape, data }] of updates)
        state.set(name, { shape, data: isSum(name) ? data : data.map(Math.fround) });
      const narrowed = [...outputs].map(
        ([name, array]) => [name, narrow(array, (program.outputs.get(name) as Value).type.dtype)] as const,
      );
      return new RunOutputs(narrowed, kept);
    },
    read: async (names) =>
      new Map((names ?? [...state.keys()]).map((name) => [name, narrow(entryOf(state, name), 'float32')])),
    ...(ranks && {
      reduce: async ({ sums, means }, numbers) => {
        const entries = [...sums, ...means].map((name) => entryOf(state, name));
        const all = await ranks.sum(Float64Array.from([...numbers, ...entries.flatMap(({ data }) => [...data])]));
        let from = numbers.length;
        for (const [i, name] of [...sums, ...means].entries()) {
          const { shape, data } = entries[i] as Array64;
          const sum = all.slice(from, from + data.length);
          from += data.length;
          state.set(name, {
            shape,
            data: i < sums.length ? sum : sum.map((number) => Math.fround(number / ranks.size)),
          });
        }
        return all.slice(0, numbers.length);
      },
    }),
    plan: async () => ({ engine: 'evaluator', threads: 1, precision: 'float64', peakBytes: 0 }),
    dispose: async () => state.clear(),
  };
}

/** What adds up within a step is 0 between steps, and no checkpoint holds it: it need not be float32. */
function sumsOf(programs: Readonly<Record<string, Program>>): (name: string) => boolean {
  const graphs = Object.values(programs).map(({ graph }) => graph);
  const names = graphs.flatMap(({ state }) =>
    [...state].flatMap(([name, { source }]) => (source.kind === 'state' && source.role === 'gradient' ? [name] : [])),
  );
  const sums = new Set(names);
  return (name) => sums.has(name);
}

const widen = (data: Tensor['data']): Float64Array => Float64Array.from(data as Float32Array);

function narrow({ shape, data }: Array64, dtype: Dtype): Tensor {
  const target = zeros(dtype, shape);
  (target.data as Float32Array).set(data);
  return target;
}

function entryOf(state: Tensors | ReadonlyMap<string, Array64>, name: string): Array64 {
  const found = (state as ReadonlyMap<string, Array64>).get(name);
  if (!found) throw new EngineError(`read: no state entry \`${name}\``);
  return found;
}
