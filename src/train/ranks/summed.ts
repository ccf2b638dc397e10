/** A step's end among ranks: their gradients and what they measured add up. */
import { EngineError } from '../../tensor/index.ts';
import type { RunUnderWay } from '../run.ts';

/** Of the images of a step. */
export interface StepSums {
  /** Each image's loss by its weight. */
  readonly loss: number;
  /** The weights. */
  readonly own: number;
  readonly correct: number;
}

/**
 * With the gradients of all ranks added up, and the running statistics their mean. What one rank was asked, all know: to stop after this
 * step, or (as rank 0's clock says) to save.
 */
export async function summed(
  run: RunUnderWay,
  own: StepSums,
  isSaveDue: boolean,
): Promise<StepSums & { isSaveDue: boolean }> {
  const { settings, executable, programs, agreed } = run;
  const { ranks } = settings;
  if (!ranks) return { ...own, isSaveDue };
  if (!executable.reduce)
    throw new EngineError('train: the engine of this rank cannot reduce, so it would train alone');
  const { rank } = ranks.ranks;
  const { loss = 0, own: weight = 0, correct = 0 } = own;
  const wishes = [agreed?.isAsked ? 1 : 0, rank === 0 && isSaveDue ? 1 : 0];
  const all = await executable.reduce(reducedEntries(programs), Float64Array.of(loss, weight, correct, ...wishes));
  const [allLoss = 0, allWeight = 0, allCorrect = 0, stop = 0, save = 0] = all;
  if (stop > 0) agreed?.tell();
  return { loss: allLoss, own: allWeight, correct: allCorrect, isSaveDue: save > 0 };
}

/** What the first half of a step changes. */
function reducedEntries({ batch }: RunUnderWay['programs']): { sums: string[]; means: string[] } {
  const roleOf = (name: string) => {
    const source = batch.graph.state.get(name)?.source;
    return source?.kind === 'state' ? source.role : undefined;
  };
  const names = [...batch.updates.keys()];
  return {
    sums: names.filter((name) => roleOf(name) === 'gradient'),
    means: names.filter((name) => roleOf(name) !== 'gradient'),
  };
}

/** Between epochs: whether a callback of any rank wants the run to end. All also learn of a signal that came meanwhile. */
export async function isWishedByAny({ settings, agreed }: RunUnderWay, isWished: boolean): Promise<boolean> {
  const { ranks } = settings;
  if (!ranks) return isWished;
  const [wishes = 0, asked = 0] = await ranks.ranks.sum(Float64Array.of(isWished ? 1 : 0, agreed?.isAsked ? 1 : 0));
  if (asked > 0) agreed?.tell();
  return wishes > 0;
}
