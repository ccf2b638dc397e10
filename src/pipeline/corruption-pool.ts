/** Threads that corrupt images; one that dies is an error, not a wait without end. */
import { Piscina } from 'piscina';
import { type Corruption, corruptions } from '../corruptions/index.ts';
import { makerOf } from '../parts/index.ts';
import { DataError } from '../tensor/index.ts';
import { type CorruptionJob, runCorruptionJob } from './corruption-job.ts';
import type { CorruptionMessage } from './corruption-worker.ts';
import { threadModule } from './thread-module.ts';

export class CorruptionPool {
  readonly workers: number;
  #pool: Piscina<CorruptionMessage, void> | undefined;
  readonly #underWay = new Set<AbortController>();

  /** @param workers threads; 0: the thread of the caller */
  constructor(workers: number) {
    this.workers = workers;
  }

  /** Room for a batch of so many numbers, which threads can write. */
  room(length: number): Float32Array {
    return new Float32Array(this.workers > 0 ? new SharedArrayBuffer(4 * length) : new ArrayBuffer(4 * length));
  }

  /** Fills rows of `images`, which is from `room`. A corruption of a person's own stays in the caller's thread. @throws DataError where a thread ends */
  async run(job: CorruptionJob, corruption: Corruption, images: Float32Array): Promise<void> {
    const maker = makerOf(corruption);
    if (this.workers === 0 || !corruptions.parts.some((part) => part === maker))
      return runCorruptionJob(job, corruption, images);
    this.#pool ??= this.#start();
    const controller = new AbortController();
    this.#underWay.add(controller);
    const { name, options } = corruption;
    try {
      await this.#pool.run({ job, corruption: { name, options }, images }, { signal: controller.signal });
    } catch (error) {
      throw controller.signal.aborted ? controller.signal.reason : ended(error as Error);
    } finally {
      this.#underWay.delete(controller);
    }
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }

  #start(): Piscina<CorruptionMessage, void> {
    const pool = new Piscina<CorruptionMessage, void>({
      ...threadModule('corruption-worker'),
      name: 'corrupt',
      minThreads: this.workers,
      maxThreads: this.workers,
      idleTimeout: Number.POSITIVE_INFINITY,
    });
    // a thread that cannot even start: no other will, and what waits would wait for ever
    pool.on('error', (error: Error) => {
      for (const controller of this.#underWay) controller.abort(ended(error));
    });
    return pool;
  }
}

const ended = ({ message }: Error) =>
  new DataError(`corruptions: a thread that corrupts images failed: ${message}`, '--workers 0 does without threads');
