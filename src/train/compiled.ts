import type { Executable } from '../engines/index.ts';
import type { Program } from '../ir/index.ts';
import { EngineError } from '../tensor/index.ts';
import { threadsOf } from './ranks/machine-share.ts';
import type { RunGround } from './run.ts';

/** Programs on the run's own engine. @throws EngineError, which for a run that goes on says how it can with another */
export async function compiled(
  { settings, isResumed }: RunGround,
  entries: Readonly<Record<string, Program>>,
): Promise<Executable> {
  const { engine, precision } = settings;
  const threads = threadsOf(settings);
  try {
    return await engine.compile(entries, { precision, ...(threads !== undefined && { threads }) });
  } catch (error) {
    if (!isResumed || !(error instanceof EngineError)) throw error;
    const another = `--engine auto${precision === 'float32' ? '' : ' --precision float32'}`;
    throw new EngineError(
      `train: the run cannot go on with the engine ${engine.name} here: ${error.message}`,
      `${error.hint === undefined ? '' : `${error.hint}; or `}go on with another engine: ${another} (a checkpoint fits every engine, but the numbers are then not the same to the bit)`,
    );
  }
}
