/** Foreign tensors as the state of a network: all of it, in its shapes and in float32, or an error. */
import type { TensorType } from '../../ir/index.ts';
import type { Naming } from '../../models/index.ts';
import { CheckpointError, formatShape, type Shape, sameShape, type Tensor, tensor } from '../../tensor/index.ts';
import { areFinite } from '../non-finite.ts';
import { named } from './read-weights.ts';
import { asInFile, misfitHint } from './unfit-weights.ts';

export interface MatchOptions {
  /** The network, as messages name it. */
  readonly network: string;
  readonly expected: ReadonlyMap<string, TensorType>;
  /** By the name in Skein: the name in the file. */
  readonly layers: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Names of the file that mean nothing to this naming. */
  readonly unknown: readonly string[];
  /** Whose names they are. */
  readonly naming: Naming;
  /** Whether the user named the network. */
  readonly isGiven: boolean;
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

/** Weights and a network that do not fit, and how far they do. */
export class MisfitError extends CheckpointError {
  /** Of the network's tensors, those that the file has. */
  readonly share: number;

  constructor(message: string, hint: string, share: number) {
    super(message, hint);
    this.share = share;
  }
}

/** @throws MisfitError that counts and names what is missing, of another shape or dtype, or left over; CheckpointError where they are not finite */
export function matchWeights(options: MatchOptions): MatchedWeights {
  const { network, expected, layers, tensors, unknown, allowUnused, naming, isGiven } = options;
  const state = new Map<string, Tensor<'float32'>>();
  const doubles: string[] = [];
  const missing: string[] = [];
  const different: string[] = [];
  const wrong: string[] = [];
  const infinite: string[] = [];
  for (const [name, { shape }] of expected) {
    const foreign = layers.get(name);
    const found = foreign === undefined ? undefined : tensors.get(foreign);
    if (foreign === undefined || !found) missing.push(name);
    else if (!fits(found, shape)) {
      wrong.push(name);
      different.push(
        `\`${foreign}\` (float32 ${formatShape(shape)} is needed, it is ${found.dtype} ${formatShape(found.shape)})`,
      );
    } else {
      if (found.dtype === 'float64') doubles.push(foreign);
      const numbers = float32Of(found);
      if (!areFinite(numbers)) infinite.push(foreign);
      state.set(name, tensor('float32', shape, numbers));
    }
  }
  const leftOver = [...unknown, ...[...layers].filter(([name]) => !expected.has(name)).map(([, foreign]) => foreign)];
  const unwanted = allowUnused ? [] : leftOver;
  if (missing.length + different.length + unwanted.length > 0)
    throw new MisfitError(
      `the weights do not fit ${network}: ${[
        `${state.size} of ${expected.size} tensors match`,
        ...(missing.length > 0 ? [`${missing.length} missing: ${named(asInFile(missing, naming, layers))}`] : []),
        ...(different.length > 0 ? [`${different.length} of another shape or type: ${listed(different)}`] : []),
        ...(leftOver.length > 0 ? [`${leftOver.length} left over: ${named(leftOver)}`] : []),
      ].join('; ')}`,
      misfitHint({ matched: state.size, missing, different: wrong, isGiven }),
      state.size / expected.size,
    );
  if (infinite.length > 0)
    throw new CheckpointError(
      `expected finite weights, but ${infinite.length} of ${expected.size} tensors have numbers that are NaN or infinite: ${named(infinite)}`,
      'the training that saved them diverged, or the file is damaged: take weights saved earlier; nothing was written',
    );
  return { state, leftOver, doubles };
}

/** The same numbers in the same order: a convolution over a whole map, be it 1×1, is a linear layer. */
function fits({ dtype, shape: found }: Tensor, wanted: Shape): boolean {
  if (dtype !== 'float32' && dtype !== 'float64') return false;
  if (sameShape(found, wanted)) return true;
  const [outputs, channels = 0, height = 0, width = 0] = found;
  return wanted.length === 2 && found.length === 4 && outputs === wanted[0] && channels * height * width === wanted[1];
}

function float32Of({ data, dtype }: Tensor): Float32Array {
  return dtype === 'float32' ? (data as Float32Array) : Float32Array.from(data as Float64Array);
}

const listed = (items: readonly string[]) => `${items.slice(0, 3).join(', ')}${items.length > 3 ? ', …' : ''}`;
