/** Whether engines work on this machine: told by running something, not by what is installed. */
import { EngineError, SkeinError } from '../tensor/index.ts';
import type { Engine, EngineFacts, Precision } from './engine.ts';
import { type Trial, trials } from './trial/trial.ts';

/** What trying an engine showed. */
export interface EngineDiagnosis extends EngineFacts {
  readonly name: string;
  /** It ran training steps and predictions of small networks, and its numbers were right. */
  readonly works: boolean;
  /** Why it does not work. */
  readonly problem?: string;
  /** What to do about that. */
  readonly remedy?: string;
}

/** Trains small networks for a few steps, predicts with them, and compares the results with the evaluator's. Never throws. */
export async function diagnose(engine: Engine): Promise<EngineDiagnosis> {
  const { name } = engine;
  try {
    return { name, works: true, ...(await tryTraining(engine)) };
  } catch (error) {
    const remedy = error instanceof SkeinError ? error.hint : undefined;
    return { name, works: false, problem: (error as Error).message, ...(remedy !== undefined && { remedy }) };
  }
}

/**
 * In each precision that it offers.
 * @throws EngineError where the engine is missing, dies or computes something else
 */
async function tryTraining(engine: Engine): Promise<EngineFacts> {
  await trainIn('float32', engine);
  const facts = (await engine.facts?.()) ?? {};
  if (facts.bfloat16) await trainIn('bf16', engine);
  return facts;
}

/** All networks in one executable: starting an engine takes longer than what they compute. */
async function trainIn(precision: Precision, engine: Engine): Promise<void> {
  const programs = Object.assign({}, ...trials.map((trial) => trial.programs)) as Trial['programs'];
  const executable = await engine.compile(programs, { threads: 1, precision });
  try {
    await executable.load(new Map(trials.flatMap(({ start }) => [...start])));
    for (const trial of trials) await trial.run(precision, () => executable);
  } catch (error) {
    // a mistake of ours says nothing about the library
    if (!(error instanceof EngineError)) throw error;
    const { message, hint = damaged } = error;
    throw new EngineError(`${engine.name}: ${message.replaceAll(`${engine.name}: `, '')}`, hint);
  } finally {
    await executable.dispose();
  }
}

const damaged = 'its library is damaged or does not fit this processor: install it again';
