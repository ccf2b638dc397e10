/** The experiments of `skein lab`: a file each, and a line here. */
import { ConfigError, nearestName } from '../tensor/index.ts';
import type { Experiment } from './experiment.ts';
import { article } from './experiments/article.ts';
import { degradation } from './experiments/degradation.ts';
import { interpretability } from './experiments/interpretability.ts';
import { reliability } from './experiments/reliability.ts';
import { transfer } from './experiments/transfer.ts';

export const experiments: readonly Experiment[] = [article, degradation, interpretability, reliability, transfer];

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
