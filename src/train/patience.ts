/** Early stopping: a run ends when its validation accuracy has not risen for some epochs. */
import { phaseAt } from './phase-at.ts';
import type { Settings } from './settings.ts';
import type { Position } from './snapshot.ts';

/**
 * Whether `patience` epochs of the last phase have gone by since its best one, whose accuracy none of them was above. Told from what the checkpoint
 * holds, so that a run that goes on stops where it would have stopped. The phases before the last one are always whole: they do not count.
 */
export function isOutOfPatience(
  { patience, phases, epochs }: Pick<Settings, 'patience' | 'phases' | 'epochs'>,
  { epoch, history }: Pick<Position, 'epoch' | 'history'>,
): boolean {
  if (patience === undefined || epoch >= epochs) return false;
  const { from, to } = phaseAt({ phases }, epoch);
  if (to !== epochs) return false;
  const accuracies = history.slice(from).map(({ validation }) => validation.top1);
  const best = accuracies.indexOf(Math.max(...accuracies));
  return best >= 0 && accuracies.length - 1 - best >= patience;
}
