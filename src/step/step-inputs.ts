/** What a training step is fed: the batch, the learning rate, and what inputs provide for themselves. */
import type { Feed, Program, TensorType } from '../ir/index.ts';
import { ConfigError, Random, type Shape, sizeOf, type Tensor, tensor, zeros } from '../tensor/index.ts';

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

/** The rows of a batch that this step has, of those that all ranks have together. */
export interface BatchRows {
  readonly from: number;
  readonly of: number;
}

/**
 * What is drawn depends on the seed, the step and the input's name alone, so that a resumed run draws the same.
 * @param step steps before this one
 * @param rows which of the whole batch's rows the program is for: it then gets those of what is drawn for the whole
 * @throws ConfigError where the program has an input that neither the batch nor the input itself fills
 */
export function stepInputs(
  program: Program,
  { images, labels, targets, weights }: StepBatch,
  lr: number,
  seed: number,
  step: number,
  more: Readonly<Record<string, number | Tensor['data']>> = {},
  rows?: BatchRows,
): Map<string, Tensor> {
  const feed: Feed = { image: images, labels, targets, weights, lr, step, ...more };
  const own = program.graph.inputs.get('image')?.type.shape[0];
  const fed = new Map<string, Tensor>();
  for (const [name, { source, type }] of program.graph.inputs) {
    const provide = source.kind === 'input' ? source.provide : undefined;
    const random = new Random(seed)
      .fork(provide?.kind ?? '')
      .fork(name)
      .fork(step);
    const fill = (shape: Shape) => provide?.fill(feed, shape, random);
    const given = provide ? (rows ? ownRows(fill, type.shape, own, rows) : fill(type.shape)) : feed[name];
    if (given === undefined)
      throw new ConfigError(
        `step: expected \`${name}\` for ${program.name}, but neither the batch nor a provider has it`,
        `declare it with graph.input('${name}', type, { provide })`,
      );
    fed.set(name, typeof given === 'number' ? filled(type, given) : tensor(type.dtype, type.shape, given));
  }
  return fed;
}

/** Of what has a row for each image, the rows of these; all else is the same on every rank. */
function ownRows(
  fill: (shape: Shape) => Tensor['data'] | undefined,
  shape: Shape,
  own: number | undefined,
  { from, of }: BatchRows,
): Tensor['data'] | undefined {
  const [first, ...rest] = shape;
  if (first === undefined || first !== own) return fill(shape);
  const size = sizeOf(rest);
  return fill([of, ...rest])?.slice(from * size, (from + first) * size);
}

function filled({ dtype, shape }: TensorType, number: number): Tensor {
  const made = zeros(dtype, shape);
  made.data.fill(number as never);
  return made;
}
