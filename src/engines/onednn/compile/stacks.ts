/**
 * Dense blocks without copies. In a blocked layout of a batch the channels that a layer adds would have to stand between those of its
 * images. With the images one upon another, [1, C, N·H, W], they stand behind all others: what a dense layer joins is a longer stretch of
 * the same memory. Convolutions of 1×1 pixels and batch norms do not care which image a pixel belongs to.
 */
import { type ConvAttributes, type Node, ops, type Value } from '../../../ir/index.ts';
import type { FusedProduct } from './group-convolutions.ts';
import type { NormalisationForward } from './group-normalisations.ts';
import type { Stretch } from './stored.ts';
import type { NodeUnit, Unit } from './units.ts';

/** Memory in which channels are joined. */
export interface Stack {
  readonly stretch: Stretch;
  /** So many are there already. */
  channels: number;
  /** What was written behind them before its join, so that nothing else is. */
  next?: Value;
}

export class Stacks {
  /** Channels that the whole chain of joins will have, by what each of them makes. */
  readonly #planned = new Map<Value, number>();
  readonly #known = new Map<Value, Stack>();
  /** What single blocks of channels are joined to. */
  readonly #joinedTo = new Map<Value, Value>();
  /** Weights of convolutions that worked on stacked images. */
  readonly #weights = new Set<Value>();

  constructor(units: readonly Unit[], readersOf: (value: Value) => readonly Unit[], block: number) {
    const next = new Map<Value, Value>();
    const joins = new Map<Value, Node>();
    // the last join of a network goes on with a chain, whoever reads it
    for (const unit of units)
      if (isJoin(unit, block) && (joins.has(unit.node.inputs[0] as Value) || isReadByPoints(unit, readersOf)))
        joins.set(unit.node.outputs[0] as Value, unit.node);
    for (const [joined, { inputs }] of [...joins].toReversed()) {
      const [first, second] = inputs as [Value, Value];
      if (inputs.length === 2 && second.type.shape[1] === block) this.#joinedTo.set(second, first);
      const longer = next.get(joined);
      this.#planned.set(joined, (longer && this.#planned.get(longer)) ?? (joined.type.shape[1] as number));
      next.set(first, joined);
    }
  }

  /** How many channels are joined to `joined` in the end, itself included; undefined where it is to be joined as other tensors are. */
  planned(joined: Value): number | undefined {
    return this.#planned.get(joined);
  }

  of(joined: Value): Stack | undefined {
    return this.#known.get(joined);
  }

  keep(joined: Value, stack: Stack): void {
    stack.channels = joined.type.shape[1] as number;
    delete stack.next;
    this.#known.set(joined, stack);
  }

  /** Whether `part` may be joined to `first` where that stands: behind it there is room, and nobody else's channels. */
  goesOn(first: Value, part: Value | undefined): boolean {
    const stack = this.#known.get(first);
    return stack?.channels === first.type.shape[1] && (stack?.next === undefined || stack.next === part);
  }

  /** What `part`, one block of channels, will be joined to, where it may stand there at once. */
  claim(part: Value): Value | undefined {
    const first = this.#joinedTo.get(part);
    const stack = first && this.#known.get(first);
    if (!stack || !this.goesOn(first, part)) return undefined;
    stack.next = part;
    return first;
  }

  /** The convolution with this weight works on stacked images; so do its gradients. */
  useFor(weight: Value): void {
    this.#weights.add(weight);
  }

  isUsedFor(weight: Value): boolean {
    return this.#weights.has(weight);
  }
}

function isJoin(unit: Unit, block: number): unit is NodeUnit {
  if (unit.kind !== 'node') return false;
  const { op, inputs, attributes } = (unit as NodeUnit).node;
  const isMap = ({ type: { shape, dtype } }: Value) =>
    dtype === 'float32' && shape.length === 4 && (shape[0] as number) > 1 && (shape[1] as number) % block === 0;
  return op === ops.concat && attributes.axis === 1 && inputs.every(isMap);
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
