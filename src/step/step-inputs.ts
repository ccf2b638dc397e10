/** What a training step is fed: the batch, the learning rate, and what inputs provide for themselves. */
import type { Feed, Program } from '../ir/index.ts';
import { ConfigError, Random, type Tensor, tensor } from '../tensor/index.ts';

/** The arrays of a batch, by the names of the inputs that take them. */
export interface StepBatch {
  /** [batchSize, channels, height, width], normalised. */
  readonly images: Float32Array;
  /** [batchSize]. */
  readonly labels: Int32Array;
  /** [batchSize, classes], where the step takes soft labels. */
  readonly targets?: Float32Array;
  /** [batchSize]: 1 for samples that count, 0 for those that only fill up the batch. */
  readonly weights: Float32Array;
}

/**
 * What is drawn depends on the seed, the step and the input's name alone, so that a resumed run draws the same.
 * @param step steps before this one
 * @throws ConfigError where the program has an input that neither the batch nor the input itself fills
 */
export function stepInputs(
  program: Program,
  { images, labels, targets, weights }: StepBatch,
  lr: number,
  seed: number,
  step: number,
  more: Readonly<Record<string, number | Tensor['data']>> = {},
): Map<string, Tensor> {
  const feed: Feed = { image: images, labels, targets, weights, lr, step, ...more };
  const fed = new Map<string, Tensor>();
  for (const [name, { source, type }] of program.graph.inputs) {
    const provide = source.kind === 'input' ? source.provide : undefined;
    const random = new Random(seed)
      .fork(provide?.kind ?? '')
      .fork(name)
      .fork(step);
    const given = provide ? provide.fill(feed, type.shape, random) : feed[name];
    if (given === undefined)
      throw new ConfigError(
        `step: expected \`${name}\` for ${program.name}, but neither the batch nor a provider has it`,
        `declare it with graph.input('${name}', type, { provide })`,
      );
    fed.set(name, tensor(type.dtype, type.shape, typeof given === 'number' ? Float32Array.of(given) : given));
  }
  return fed;
}
