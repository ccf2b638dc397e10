import { ConfigError, nearestName } from '../../../tensor/index.ts';
import type { ViewSet } from '../view.ts';
import { crops } from './crops.ts';
import { flip } from './flip.ts';

/** What test-time augmentation can be asked for. */
export const viewSets: readonly ViewSet[] = [flip, crops];

/** @throws ConfigError where there is none of this name */
export function findViews(name: string): ViewSet {
  const found = viewSets.find((set) => set.name === name);
  if (found) return found;
  const names = viewSets.map((set) => set.name);
  const near = nearestName(name, names);
  throw new ConfigError(
    `evaluate: unknown test-time augmentation \`${name}\`${near === undefined ? '' : `; did you mean ${near}?`}`,
    `there are ${names.join(', ')}`,
  );
}
