/** Early stopping: a run ends when its validation accuracy has not risen for some epochs. */
import { phaseAt } from './phase-at.ts';
import type { Settings } from './settings.ts';
import type { Position } from './snapshot.ts';

/**
 * Whether `patience` epochs have gone by since the best one, whose accuracy none of them was above. Told from what the checkpoint holds, so that a
 * run that goes on stops where it would have stopped. The phases before the last one are always whole: their epochs do not count.
 */
export function isOutOfPatience(
  { patience, phases, epochs }: Pick<Settings, 'patience' | 'phases' | 'epochs'>,
  { epoch, best }: Pick<Position, 'epoch' | 'best'>,
): boolean {
  if (patience === undefined || best === undefined || epoch >= epochs) return false;
  const { from, to } = phaseAt({ phases }, epoch);
  return to === epochs && epoch - Math.max(best.epoch, from) >= patience;
}
