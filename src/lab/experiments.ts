/** The experiments of `skein lab`: a file each, and a line here. */
import { ConfigError, nearestName } from '../tensor/index.ts';
import type { Experiment } from './experiment.ts';
import { accuracy } from './experiments/accuracy.ts';
import { article } from './experiments/article.ts';
import { claims } from './experiments/claims.ts';
import { degradation } from './experiments/degradation.ts';
import { interpretability } from './experiments/interpretability.ts';
import { landscape } from './experiments/landscape.ts';
import { lesion } from './experiments/lesion.ts';
import { memory } from './experiments/memory.ts';
import { overfitting } from './experiments/overfitting.ts';
import { paths } from './experiments/paths.ts';
import { reliability } from './experiments/reliability.ts';
import { reuse } from './experiments/reuse.ts';
import { scaling } from './experiments/scaling.ts';
import { shortcuts } from './experiments/shortcuts.ts';

export const experiments: readonly Experiment[] = [
  degradation,
  lesion,
  paths,
  reuse,
  landscape,
  shortcuts,
  memory,
  scaling,
  overfitting,
  accuracy,
  interpretability,
  reliability,
  article,
  claims,
];

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
