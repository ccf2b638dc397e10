/**
 * Dense blocks without copies. In a blocked layout of a batch the channels that a layer adds would have to stand between those of its
 * images. With the images one upon another, [1, C, N·H, W], they stand behind all others: what a dense layer joins is a longer stretch of
 * the same memory. Convolutions of 1×1 pixels and batch norms do not care which image a pixel belongs to.
 */
import { type ConvAttributes, type Node, ops, type Value } from '../../../ir/index.ts';
import type { FusedProduct } from './group-convolutions.ts';
import type { Join, Part } from './group-joins.ts';
import type { NormalisationForward } from './group-normalisations.ts';
import type { Stretch } from './place.ts';
import type { NodeUnit, Unit } from './units.ts';

/** Memory in which channels are joined. */
export interface Stack {
  readonly stretch: Stretch;
  /** So many are there already, without gaps. */
  channels: number;
}

export class Stacks {
  /** Channels that the whole chain of joins will have, by what each of them makes. */
  readonly #planned = new Map<Value, number>();
  readonly #known = new Map<Value, Stack>();
  readonly #stretches = new Set<Stretch>();
  /** Weights of convolutions that worked on stacked images. */
  readonly #weights = new Set<Value>();

  constructor(units: readonly Unit[], readersOf: (value: Value) => readonly Unit[], block: number) {
    const next = new Map<Value, Value>();
    const joins = new Map<Value, Pick<Join, 'parts' | 'joined'>>();
    for (const unit of units) {
      const join = joinOf(unit, block);
      const [first] = join?.parts ?? [];
      // the last join of a network goes on with a chain, whoever reads it
      const isStacked = first && (unit.kind === 'join' || joins.has(first.value) || isReadByPoints(unit, readersOf));
      if (join && isStacked) joins.set(join.joined, join);
    }
    for (const { parts, joined } of [...joins.values()].toReversed()) {
      const [first] = parts as [Part];
      const longer = next.get(joined);
      this.#planned.set(joined, (longer && this.#planned.get(longer)) ?? (joined.type.shape[1] as number));
      next.set(first.value, joined);
    }
  }

  /** How many channels are joined to `joined` in the end, itself included; undefined where it is to be joined as other tensors are. */
  planned(joined: Value): number | undefined {
    return this.#planned.get(joined);
  }

  keep(joined: Value, stack: Stack, channels: number): void {
    stack.channels = channels;
    this.#stretches.add(stack.stretch);
    this.#known.set(joined, stack);
  }

  /** Whether maps share this memory, one a part of the other. */
  isStack(stretch: Stretch): boolean {
    return this.#stretches.has(stretch);
  }

  /** What `first` stands in, if there is room behind it for more. */
  goingOn({ value, channels }: Part): Stack | undefined {
    const stack = this.#known.get(value);
    return stack?.channels === channels ? stack : undefined;
  }

  /** The convolution with this weight works on stacked images; so do its gradients. */
  useFor(weight: Value): void {
    this.#weights.add(weight);
  }

  isUsedFor(weight: Value): boolean {
    return this.#weights.has(weight);
  }
}

function joinOf(unit: Unit, block: number): Pick<Join, 'parts' | 'joined'> | undefined {
  if (unit.kind === 'join') return unit as Join;
  if (unit.kind !== 'node') return undefined;
  const { op, inputs, outputs, attributes } = (unit as NodeUnit).node;
  const isMap = ({ type: { shape, dtype } }: Value) =>
    dtype === 'float32' && shape.length === 4 && (shape[0] as number) > 1 && (shape[1] as number) % block === 0;
  if (op !== ops.concat || attributes.axis !== 1 || inputs.length < 2 || !inputs.every(isMap)) return undefined;
  const parts = inputs.map((value) => ({ value, channels: value.type.shape[1] as number }));
  return { parts, joined: outputs[0] as Value };
}

function isReadByPoints({ outputs }: Unit, readersOf: (value: Value) => readonly Unit[]): boolean {
  return readersOf(outputs[0] as Value).some(
    (reader) =>
      reader.kind === 'normalisation' &&
      readersOf((reader as NormalisationForward).y).some((unit) => {
        const node = unit.kind === 'fusedConvolution' ? (unit as FusedProduct).product : (unit as NodeUnit).node;
        return node !== undefined && isPointwise(node);
      }),
  );
}

/** Whether a convolution, or a gradient of one, works on each pixel alone. */
export function isPointwise({ op, inputs, outputs, attributes }: Node): boolean {
  const isGradient = op === ops.conv2dWeightGradient;
  if (!isGradient && op !== ops.conv2d && op !== ops.conv2dInputGradient) return false;
  const weight = (isGradient ? outputs[0] : inputs[1]) as Value;
  const { stride, padding, groups } = attributes as ConvAttributes;
  const isAll = (numbers: readonly number[], expected: number) => numbers.every((number) => number === expected);
  return isAll(weight.type.shape.slice(2), 1) && isAll(stride, 1) && isAll(padding, 0) && groups === 1;
}
