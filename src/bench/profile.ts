/** What a step of a case spends its time on. */
import type { InstructionTime } from '../engines/index.ts';
import { EngineError } from '../tensor/index.ts';
import type { BenchOptions, BenchResult } from './bench.ts';
import type { BenchCase } from './bench-case.ts';
import { benchProgram, measuredBy } from './measure.ts';

/** A step in its parts. */
export interface BenchProfile
  extends Pick<BenchResult, 'case' | 'phase' | 'batchSize' | 'engine' | 'precision' | 'threads'> {
  /** The sum over all instructions. */
  readonly milliseconds: number;
  readonly instructions: readonly (InstructionTime & {
    /** Of the sum. */
    readonly share: number;
  })[];
}

/** @throws EngineError where the engine has no profile, or cannot run the network; the signal's reason where it comes */
export async function profile(
  benchCase: BenchCase,
  { engine, threads, precision, signal }: Pick<BenchOptions, 'engine' | 'threads' | 'precision' | 'signal'>,
): Promise<BenchProfile> {
  const { program } = benchProgram(benchCase);
  return measuredBy(program, benchCase, { engine, threads, precision, signal }, async (executable, inputs) => {
    const times = await executable.profile?.('bench', inputs);
    if (!times)
      throw new EngineError(`bench: the engine ${engine.name} gives no profile`, 'choose --engine onednn for one');
    const milliseconds = times.reduce((sum, time) => sum + time.milliseconds, 0);
    const plan = await executable.plan();
    return {
      case: benchCase.network.name,
      phase: benchCase.phase,
      batchSize: benchCase.batchSize,
      engine: plan.engine,
      precision: plan.precision,
      threads: plan.threads,
      milliseconds,
      instructions: times.map((time) => ({ ...time, share: time.milliseconds / milliseconds })),
    };
  });
}
