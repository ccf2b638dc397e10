/** The two parts of a step on several ranks, computing and reducing, each measured alone, in turns. */
import type { Engine, Executable, Precision, Ranks } from '../../engines/index.ts';
import { initialState } from '../../ir/index.ts';
import { median } from '../../metrics/index.ts';
import { gradientsProgram, stepInputs, updateProgram } from '../../step/index.ts';
import { EngineError, Random, sizeOf } from '../../tensor/index.ts';
import type { BenchCase } from '../bench-case.ts';
import { hostsOf, slowest } from './all-ranks.ts';

/** Options of `measureRanks`. */
export interface MeasureRanksOptions {
  readonly engine: Engine;
  readonly ranks: Ranks;
  readonly threads: number;
  readonly precision?: Precision;
  readonly rounds: number;
  readonly signal?: AbortSignal;
  onRound?(round: number): void;
}

/** What all ranks found together: the same on each. */
export interface MeasuredRanks {
  readonly ranks: number;
  /** Machines, in the order of their first ranks. */
  readonly hosts: readonly string[];
  /** Such as `Open MPI 4.1.4`. */
  readonly library: string;
  readonly engine: string;
  readonly threads: number;
  readonly precision: string;
  readonly rounds: number;
  /** Forward, backward and update of one rank's images: the median of the rounds, in each of the slowest rank. */
  readonly computeSeconds: number;
  /** Of one rank's gradients to the sum of all ranks', copies into one array and out of it among them. */
  readonly reductionSeconds: number;
  /** Bytes per second of copies between arrays, made by all ranks at once. */
  readonly copyRate: number;
}

/**
 * Every rank calls this alike.
 * @throws EngineError where the engine can be no rank, or a rank does not come; the signal's reason where it comes
 */
export async function measureRanks(benchCase: BenchCase, options: MeasureRanksOptions): Promise<MeasuredRanks> {
  const { engine, ranks, threads, precision = 'float32', rounds, signal, onRound } = options;
  const ranked = await engine.inRanks?.(ranks, { threads, precision });
  if (!ranked) throw new EngineError(`bench: the engine ${engine.name} cannot be a rank of several`);
  const gradients = gradientsProgram(benchCase);
  const update = updateProgram(gradients, benchCase);
  const executable = await ranked.compile({ gradients, update }, { threads, precision });
  const stop = () => void executable.dispose();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    await executable.load(initialState(update.graph, 0));
    const step = partsOfStep(benchCase, executable, ranks);
    // the first of everything prepares what later ones have
    await step.compute();
    await step.reduce();
    const found = { compute: [] as number[], reduction: [] as number[] };
    for (let round = 1; round <= rounds; round++) {
      onRound?.(round);
      found.compute.push(await slowest(ranks, step.compute));
      found.reduction.push(await slowest(ranks, step.reduce));
    }
    const copyRate = 1 / (await slowest(ranks, async () => secondsPerByte()));
    const plan = await executable.plan();
    return {
      ranks: ranks.size,
      hosts: await hostsOf(ranks),
      library: ranks.library,
      engine: plan.engine,
      threads: plan.threads,
      precision: plan.precision,
      rounds,
      computeSeconds: median(found.compute),
      reductionSeconds: median(found.reduction),
      copyRate,
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await executable.dispose();
  }

  /** Seconds of each part, as this rank has them. */
  function partsOfStep({ batchSize, classes }: BenchCase, executable: Executable, { rank, size }: Ranks) {
    const random = new Random('bench').fork(rank);
    const shape = gradients.graph.inputs.get('image')?.type.shape ?? [];
    const images = Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
    const labels = Int32Array.from({ length: batchSize }, () => random.integer(classes));
    const batch = { images, labels, weights: new Float32Array(batchSize).fill(1) };
    const inputs = stepInputs(gradients, batch, 0.05, 0, 0, { share: 1 / size });
    const rest = stepInputs(update, batch, 0.05, 0, 0);
    const sums = [...update.graph.state].flatMap(([name, { source }]) =>
      source.kind === 'state' && source.role === 'gradient' ? [name] : [],
    );
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const began = performance.now();
      await work();
      return (performance.now() - began) / 1000;
    };
    return {
      compute: () =>
        timed(async () => {
          await executable.run('gradients', inputs);
          await executable.run('update', rest);
        }),
      reduce: () => timed(async () => executable.reduce?.({ sums, means: [] }, new Float64Array(1))),
    };
  }
}

/** Of a copy that no cache holds: the fastest of a few. */
function secondsPerByte(): number {
  const from = new Float32Array(2 ** 23).fill(1);
  const to = new Float32Array(from.length);
  const seconds = Array.from({ length: 5 }, () => {
    const began = performance.now();
    to.set(from);
    return (performance.now() - began) / 1000;
  });
  return Math.min(...seconds) / from.byteLength;
}
