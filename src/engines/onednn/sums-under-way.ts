/** Reductions over all ranks that go on while a run computes. */
import type { Limits, StartedReduction } from '../../mpi/index.ts';
import { EngineError } from '../../tensor/index.ts';
import type { Bucket, BucketPart } from './compile/buckets.ts';
import type { Reduction } from './compile/host.ts';

export class SumsUnderWay {
  readonly #ranks: Reduction;
  readonly #buckets: readonly Bucket[];
  readonly #started: StartedReduction[] = [];
  /** The first that has not been seen to end. */
  #open = 0;

  constructor(ranks: Reduction, buckets: readonly Bucket[]) {
    this.#ranks = ranks;
    this.#buckets = buckets;
  }

  /** When so many instructions have run: begins what is full, and brings on what is under way. */
  after(instructions: number): void {
    for (;;) {
      const next = this.#buckets[this.#started.length];
      if (!next || next.after > instructions) break;
      this.#started.push(this.#ranks.startAllReduce(next.numbers));
    }
    while (this.#started[this.#open]?.test()) this.#open++;
  }

  /** @throws EngineError where a rank does not come */
  wait(limits?: Limits): void {
    for (; this.#open < this.#started.length; this.#open++) this.#started[this.#open]?.wait(limits);
  }

  /** The same, where it does not matter what came of it. */
  finish(): void {
    try {
      this.wait();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
  }

  /** What the ranks' entries add up to, in memory that the next run overwrites. Only after `wait`. */
  show(see: (part: BucketPart, sum: Float32Array) => void): void {
    for (const { numbers, parts } of this.#buckets)
      for (const part of parts) see(part, numbers.subarray(part.from, part.to));
  }
}
