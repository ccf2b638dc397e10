/** How fast an engine runs a case: the median over steps, after some that warm it up, in a process that ends with the measurement. */
import type { Engine, EnginePlan, Executable, Precision } from '../engines/index.ts';
import { countParams, freeze, initialState, type Program, plan } from '../ir/index.ts';
import { median } from '../metrics/index.ts';
import { predictionProgram, stepInputs, stepProgram } from '../step/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../tensor/index.ts';
import type { BenchCase } from './bench-case.ts';
import type { Rate } from './interleave.ts';

/** How long either side is measured: `warmup` steps that do not count, then at least `steps` and at least `seconds`. */
export const patience = { warmup: 2, steps: 5, seconds: 2 } as const;

/** Options of `measure`. */
export interface MeasureOptions {
  readonly engine: Engine;
  readonly threads: number;
  /** Default 'float32'. */
  readonly precision?: Precision | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What one process of the engine did. */
export type Measured = Rate & Pick<EnginePlan, 'engine' | 'precision' | 'threads'>;

/** What a case runs. */
export interface BenchProgram {
  /** Prediction has its weights built in. */
  readonly program: Program;
  /** Numbers that are trained. */
  readonly params: number;
  /** Multiply-adds of the forward pass of one image. */
  readonly macs: number;
}

/** Builds the program of a case. */
export function benchProgram(benchCase: BenchCase): BenchProgram {
  const prediction = predictionProgram(benchCase);
  const counts = { params: countParams(prediction.graph), macs: plan(prediction).macs / benchCase.batchSize };
  return benchCase.phase === 'train'
    ? { program: stepProgram(benchCase), ...counts }
    : { program: freeze(prediction, firstState(prediction)), ...counts };
}

const firstState = ({ graph }: Program) => initialState(graph, 0);

/**
 * Compiles, loads and runs the program of a case on random images.
 * @throws EngineError where the engine cannot run it; the signal's reason where it comes
 */
export function measure(program: Program, benchCase: BenchCase, options: MeasureOptions): Promise<Measured> {
  return measuredBy(program, benchCase, options, async (executable, inputs) => {
    const seconds = await stepSeconds(executable, inputs);
    const { peakBytes, precision, threads, engine } = await executable.plan();
    return { imagesPerSecond: benchCase.batchSize / median(seconds), peakBytes, engine, precision, threads };
  });
}

/** Hands a loaded executable, whose entry point is `bench`, and random inputs to `look`, and disposes of it. @throws as `measure` */
export async function measuredBy<Found>(
  program: Program,
  benchCase: BenchCase,
  { engine, threads, precision = 'float32', signal }: MeasureOptions,
  look: (executable: Executable, inputs: ReadonlyMap<string, Tensor>) => Promise<Found>,
): Promise<Found> {
  signal?.throwIfAborted();
  const executable = await engine.compile({ bench: program }, { threads, precision });
  // ends what is under way at once: a step of a large network takes seconds
  const stop = () => void executable.dispose();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    await executable.load(firstState(program));
    return await look(executable, randomInputs(program, benchCase));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await executable.dispose();
  }
}

async function stepSeconds(executable: Executable, inputs: ReadonlyMap<string, Tensor>): Promise<number[]> {
  for (let i = 0; i < patience.warmup; i++) await executable.run('bench', inputs);
  const seconds: number[] = [];
  for (let sum = 0; seconds.length < patience.steps || sum < patience.seconds; ) {
    const began = performance.now();
    await executable.run('bench', inputs);
    const took = (performance.now() - began) / 1000;
    seconds.push(took);
    sum += took;
  }
  return seconds;
}

/** Standard normal pixels and uniform labels: the same for every engine and every run. */
function randomInputs(program: Program, { phase, batchSize, classes }: BenchCase): Map<string, Tensor> {
  const random = new Random('bench');
  const shape = program.graph.inputs.get('image')?.type.shape ?? [];
  const images = Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
  if (phase === 'infer') return new Map([['image', tensor('float32', shape, images)]]);
  const labels = Int32Array.from({ length: batchSize }, () => random.integer(classes));
  const weights = new Float32Array(batchSize).fill(1);
  return stepInputs(program, { images, labels, weights }, 0.05, 0, 0);
}
