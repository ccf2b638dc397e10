/** Foreign tensors as the state of a network: all of it, in its shapes and in float32, or an error. */
import type { TensorType } from '../../ir/index.ts';
import { CheckpointError, formatShape, type Shape, sameShape, type Tensor, tensor } from '../../tensor/index.ts';
import { named } from './read-weights.ts';

export interface MatchOptions {
  /** The network, as messages name it. */
  readonly network: string;
  readonly expected: ReadonlyMap<string, TensorType>;
  /** By the name in Skein: the name in the file. */
  readonly layers: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Names of the file that mean nothing to this naming. */
  readonly unknown: readonly string[];
  /** Left-over tensors are no error. */
  readonly allowUnused: boolean;
}

export interface MatchedWeights {
  readonly state: ReadonlyMap<string, Tensor<'float32'>>;
  /** Names of the file that the network has no place for. */
  readonly leftOver: readonly string[];
  /** Names of those that were float64. */
  readonly doubles: readonly string[];
}

/** @throws CheckpointError that counts and names what is missing, of another shape or dtype, or left over */
export function matchWeights(options: MatchOptions): MatchedWeights {
  const { network, expected, layers, tensors, unknown, allowUnused } = options;
  const state = new Map<string, Tensor<'float32'>>();
  const doubles: string[] = [];
  const missing: string[] = [];
  const different: string[] = [];
  for (const [name, { shape }] of expected) {
    const foreign = layers.get(name);
    const found = foreign === undefined ? undefined : tensors.get(foreign);
    if (foreign === undefined || !found) missing.push(name);
    else if (!fits(found, shape))
      different.push(
        `\`${foreign}\` (float32 ${formatShape(shape)} is needed, it is ${found.dtype} ${formatShape(found.shape)})`,
      );
    else {
      if (found.dtype === 'float64') doubles.push(foreign);
      state.set(name, tensor('float32', shape, float32Of(found)));
    }
  }
  const leftOver = [...unknown, ...[...layers].filter(([name]) => !expected.has(name)).map(([, foreign]) => foreign)];
  const unwanted = allowUnused ? [] : leftOver;
  if (missing.length + different.length + unwanted.length > 0)
    throw new CheckpointError(
      `the weights do not fit ${network}: ${[
        `${state.size} of ${expected.size} tensors match`,
        ...(missing.length > 0 ? [`${missing.length} missing: ${named(missing)}`] : []),
        ...(different.length > 0 ? [`${different.length} of another shape or type: ${listed(different)}`] : []),
        ...(leftOver.length > 0 ? [`${leftOver.length} left over: ${named(leftOver)}`] : []),
      ].join('; ')}`,
      missing.length + different.length > 0
        ? 'name the network that they are of with --model; nothing was written'
        : 'if the network is right and these belong to something else, --allow-unused leaves them out; nothing was written',
    );
  return { state, leftOver, doubles };
}

/** The same numbers in the same order: a 1×1 convolution is a linear layer. */
function fits({ dtype, shape: found }: Tensor, wanted: Shape): boolean {
  if (dtype !== 'float32' && dtype !== 'float64') return false;
  return sameShape(found, wanted) || (wanted.length === 2 && sameShape(found, [...wanted, 1, 1]));
}

function float32Of({ data, dtype }: Tensor): Float32Array {
  return dtype === 'float32' ? (data as Float32Array) : Float32Array.from(data as Float64Array);
}

const listed = (items: readonly string[]) => `${items.slice(0, 3).join(', ')}${items.length > 3 ? ', …' : ''}`;
