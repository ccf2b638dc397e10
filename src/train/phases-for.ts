/** The phases of a run, from what was asked for. */
import type { Dataset } from '../data/index.ts';
import type { ImageSize, Network } from '../nn/index.ts';
import { predictionProgram } from '../step/index.ts';
import type { FineTuning, Phase } from './fine-tuning/fine-tuning.ts';
import { canReadFeatures } from './head-network.ts';
import { depthOf } from './network-depth.ts';

interface PhasesOptions {
  readonly fineTune: FineTuning | undefined;
  readonly network: Network;
  readonly image: ImageSize;
  readonly train: Pick<Dataset, 'classes' | 'softLabels'>;
  readonly epochs: number;
  readonly freeze: readonly string[];
}

/** @throws ConfigError where a network that has no head is to be fine-tuned */
export function phasesFor({ fineTune, network, image, train, epochs, freeze }: PhasesOptions): Phase[] {
  if (!fineTune) return [{ name: '', epochs, freeze, rates: [], isOnFeatures: false }];
  const { classes, softLabels } = train;
  const prediction = predictionProgram({ network, image, classes: classes.length, batchSize: 1 });
  // shares of classes come with images alone
  const isKept = canReadFeatures(prediction) && softLabels !== true;
  return fineTune.phases(depthOf(prediction), epochs).map((phase) => ({
    ...phase,
    freeze: [...new Set([...freeze, ...phase.freeze])],
    isOnFeatures: phase.isOnFeatures && isKept,
  }));
}
