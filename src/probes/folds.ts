import type { Random } from '../tensor/index.ts';
import type { Features } from './feature-products.ts';

/** Rows of features with the class of each: what a network makes of images. */
export interface LabelledFeatures {
  /** [samples × width] */
  readonly features: Features;
  readonly width: number;
  /** [samples] */
  readonly labels: ArrayLike<number>;
}

/** Which samples carry each class, in their order. */
export function samplesOfClasses(labels: ArrayLike<number>, classes: number): number[][] {
  const samples: number[][] = Array.from({ length: classes }, () => []);
  for (let i = 0; i < labels.length; i++) samples[labels[i]!]!.push(i);
  return samples;
}

/** [samples]: a fold for each, such that every class is spread over the folds as evenly as its number allows, and so are all samples. */
export function stratifiedFolds(
  labels: ArrayLike<number>,
  { classes, folds, random }: { readonly classes: number; readonly folds: number; readonly random: Random },
): Uint8Array {
  const foldOf = new Uint8Array(labels.length);
  let dealt = 0;
  for (const samples of samplesOfClasses(labels, classes)) {
    // dealt like cards, going on where the last class ended
    for (const sample of random.shuffle(samples)) foldOf[sample] = dealt++ % folds;
  }
  return foldOf;
}

/** These rows alone, in this order. */
export function rowsOf({ features, width, labels }: LabelledFeatures, samples: readonly number[]) {
  const rows = new Float64Array(samples.length * width);
  const ownLabels = new Int32Array(samples.length);
  samples.forEach((sample, i) => {
    rows.set(features.subarray(sample * width, (sample + 1) * width), i * width);
    ownLabels[i] = labels[sample]!;
  });
  return { features: rows, width, labels: ownLabels };
}
