/** What a program takes when it runs: time, and the memory of a process that ran nothing else. */
import type { Engine } from '../../engines/index.ts';
import { initialState, type Program } from '../../ir/index.ts';
import { median } from '../../metrics/index.ts';
import { stepInputs } from '../../step/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../../tensor/index.ts';

/** Of one program. */
export interface MeasuredRun {
  /** The median of its runs. */
  readonly seconds: number;
  /** The most that the engine's process held, weights and the engine's own code included. */
  readonly peakBytes: number;
}

export interface MeasureOptions {
  /** One that starts a process for each compilation, so that the peak is of this program alone. */
  readonly engine: Engine;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Runs after one that does not count. */
  readonly runs: number;
}

/** Runs a step or a prediction on random images. @throws EngineError; the signal's reason */
export async function measuredRun(
  program: Program,
  classes: number,
  { engine, threads, signal, runs }: MeasureOptions,
): Promise<MeasuredRun> {
  signal.throwIfAborted();
  const executable = await engine.compile({ measured: program }, { threads });
  try {
    await executable.load(initialState(program.graph, 0));
    const inputs = randomInputs(program, classes);
    const seconds: number[] = [];
    for (let i = 0; i <= runs; i++) {
      signal.throwIfAborted();
      const began = performance.now();
      await executable.run('measured', inputs);
      if (i > 0) seconds.push((performance.now() - began) / 1000);
    }
    const { peakBytes } = await executable.plan();
    return { seconds: median(seconds), peakBytes };
  } finally {
    await executable.dispose();
  }
}

function randomInputs(program: Program, classes: number): Map<string, Tensor> {
  const random = new Random('measured run');
  const shape = program.graph.inputs.get('image')?.type.shape ?? [];
  const images = Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
  const count = shape[0] as number;
  const labels = Int32Array.from({ length: count }, () => random.integer(classes));
  if (!program.graph.inputs.has('labels')) return new Map([['image', tensor('float32', shape, images)]]);
  return stepInputs(program, { images, labels, weights: new Float32Array(count).fill(1) }, 0.05, 0, 0);
}
