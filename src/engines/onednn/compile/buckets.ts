/** Gradients in the order in which a run makes them, gathered in buckets: each can be reduced over ranks while later ones are computed. */
import { createHash } from 'node:crypto';
import { ops, type Value } from '../../../ir/index.ts';
import { type Shape, sizeOf } from '../../../tensor/index.ts';
import type { EarlySum } from '../planning/sums-of-ranks.ts';
import { isReduction, type Unit } from '../planning/units.ts';
import type { Assembly } from './assembly.ts';

export interface Bucket {
  /** What a run gathers, row by row, and a reduction overwrites. */
  readonly numbers: Float32Array;
  readonly parts: readonly BucketPart[];
  /** So many instructions have run when it is full. */
  readonly after: number;
}

export interface BucketPart {
  readonly name: string;
  readonly shape: Shape;
  /** Where it is in the bucket. */
  readonly from: number;
  readonly to: number;
}

/** Large enough for a slow network's rate; of a small network there are several all the same. */
const mostFloats = (25 * 1024 * 1024) / 4;
const leastBuckets = 8;
/** The collector moves small arrays, and a library has their address. */
const leastBytes = 4096;

export class Buckets {
  readonly closed: Bucket[] = [];
  readonly #assembly: Assembly;
  readonly #wanted: ReadonlyMap<Value, readonly EarlySum[]>;
  readonly #enough: number;
  readonly #order = createHash('sha256');
  #parts: BucketPart[] = [];
  #room = { numbers: new Float32Array() };
  #end = 0;

  constructor(assembly: Assembly, sums: readonly EarlySum[]) {
    this.#assembly = assembly;
    const wanted = new Map<Value, EarlySum[]>();
    for (const sum of sums) wanted.set(sum.value, [...(wanted.get(sum.value) ?? []), sum]);
    this.#wanted = wanted;
    const floats = sums.reduce((floats, { value }) => floats + sizeOf(value.type.shape), 0);
    this.#enough = Math.min(mostFloats, Math.ceil(floats / leastBuckets));
  }

  /** After a unit was assembled: gathers those of its results that are wanted and lie somewhere. */
  gather(unit: Unit): void {
    // ranks meet in these too, and must do so in one order
    if (isReduction(unit)) this.#order.update(`${ops.allReduce.name} `);
    for (const output of unit.outputs)
      if (this.#assembly.isSettled(output)) for (const sum of this.#wanted.get(output) ?? []) this.#add(sum);
  }

  /** No more will come. */
  close(): void {
    if (this.#parts.length === 0) return;
    const numbers = new Float32Array(new ArrayBuffer(Math.max(leastBytes, 4 * this.#end)), 0, this.#end);
    this.#room.numbers = numbers;
    this.closed.push({ numbers, parts: this.#parts, after: this.#assembly.instructions.length });
    this.#order.update('bucket ');
    this.#parts = [];
    this.#room = { numbers: new Float32Array() };
    this.#end = 0;
  }

  /** Of what is in which bucket, in 20 bits: a number that ranks compare. 0 where there are none. */
  digest(): number {
    return this.closed.length === 0 ? 0 : 1 + (this.#order.copy().digest().readUInt32LE() % (2 ** 20 - 1));
  }

  #add({ name, value, scalar }: EarlySum): void {
    const assembly = this.#assembly;
    const { shape } = value.type;
    const from = this.#end;
    this.#end += sizeOf(shape);
    this.#parts.push({ name, shape, from, to: this.#end });
    this.#order.update(JSON.stringify([name, shape]));
    const room = this.#room;
    const reads = [value, ...(scalar ? [scalar] : [])].map((one) => assembly.readPlain(one));
    assembly.loop('gather', reads, [], ([numbers, factor]) => {
      copyScaled(numbers as Float32Array, factor?.[0], room.numbers, from);
    });
    if (this.#end >= this.#enough) this.close();
  }
}

function copyScaled(numbers: Float32Array, factor: number | undefined, to: Float32Array, from: number): void {
  if (factor === undefined) to.set(numbers, from);
  else for (let i = 0; i < numbers.length; i++) to[from + i] = (numbers[i] as number) * factor;
}
