/** About the most that this machine can compute: large matrix products in the same minutes as the benchmark. */
import { type CompileOptions, onednn } from '../engines/index.ts';
import { EngineError } from '../tensor/index.ts';
import type { BenchResult } from './bench.ts';

/** Operations (a multiply-add is two) per second of a large matrix product. */
export interface MatrixPeak {
  readonly before: number;
  /** Null where the benchmark was called off. */
  readonly after: number | null;
}

/** A result beside what the machine could do. */
export interface ComparedResult extends BenchResult {
  /** Null where it could not be measured. */
  readonly matrixPeak: MatrixPeak | null;
  /** Of the better of the two. */
  readonly shareOfPeak: number | null;
}

/**
 * Measured with the system's oneDNN, whatever engine is benched. It pays no attention to signals: it takes about a second.
 * @returns undefined where the library is missing, or has not this precision
 */
export async function measureMatrixPeak(options: CompileOptions): Promise<number | undefined> {
  try {
    return await onednn.matrixPeak?.(options);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return undefined;
  }
}

/** Puts a result beside the peak of its run. */
export function compareWithPeak(result: BenchResult, matrixPeak: MatrixPeak | null): ComparedResult {
  const best = matrixPeak && Math.max(matrixPeak.before, matrixPeak.after ?? 0);
  return { ...result, matrixPeak, shareOfPeak: best && result.operationsPerSecond / best };
}
