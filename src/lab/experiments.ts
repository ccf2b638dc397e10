/** The experiments of `skein lab`: a file each, and a line here. */
import { ConfigError, nearestName } from '../tensor/index.ts';
import type { Experiment } from './experiment.ts';
import { degradation } from './experiments/degradation.ts';
import { gradients } from './experiments/gradients.ts';
import { shattering } from './experiments/shattering.ts';

export const experiments: readonly Experiment[] = [degradation, gradients, shattering];

/** @throws ConfigError with the nearest name */
export function findExperiment(name: string): Experiment {
  const found = experiments.find((one) => one.name === name);
  if (found) return found;
  const names = experiments.map((one) => one.name);
  const nearest = nearestName(name, names);
  throw new ConfigError(
    `lab: there is no experiment \`${name}\`${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    `there are ${names.join(', ')}; skein lab lists them`,
  );
}
