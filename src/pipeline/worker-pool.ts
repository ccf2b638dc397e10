/** Threads that turn files into rows of batches; one that dies or stands still becomes an error that names the files. */
import { Piscina } from 'piscina';
import { ConfigError, DataError, SkeinError } from '../tensor/index.ts';
import { type FileJob, type FileJobResult, rowStates } from './file-job.ts';
import type { SentAugmentation } from './sent-augmentation.ts';
import { threadModule } from './thread-module.ts';
import type { Thrown, WorkerAnswer, WorkerMessage } from './worker.ts';

export class WorkerPool {
  readonly workers: number;
  /** Milliseconds without a row that is ready, after which a thread stands still: no image takes so long. For jobs to come. */
  patience = 120_000;
  readonly #heapMegabytes: number;
  #pool: Piscina<WorkerMessage, WorkerAnswer> | undefined;
  #isClosed = false;
  /** Of the jobs that wait or are under way. */
  readonly #underWay = new Set<AbortController>();

  /** @param heapMegabytes what a person's functions may keep in a thread; pixels do not count */
  constructor(workers: number, heapMegabytes = 1024) {
    this.workers = workers;
    this.#heapMegabytes = heapMegabytes;
  }

  /**
   * Fills rows of `images`, which is in shared memory.
   * @throws DataError where the thread died or stood still; what the thread threw
   */
  async run(
    job: FileJob,
    augment: readonly SentAugmentation[],
    images: Float32Array,
    versions?: string,
  ): Promise<FileJobResult> {
    if (this.#isClosed) throw closed();
    this.#pool ??= this.#start();
    const { rows } = job;
    const { patience } = this;
    // one for each row, and one that says whether the thread has begun
    const states = new Int32Array(new SharedArrayBuffer(4 * (rows.length + 1)));
    const controller = new AbortController();
    const stopWatching = whenStill(states, patience, () =>
      this.#giveUp(lost(job, states, `for ${patience / 1000} seconds nothing came of preparing it`)),
    );
    this.#underWay.add(controller);
    const answer = await this.#pool
      .run({ job, augment, images, states, versions }, { signal: controller.signal })
      .catch((error: Error) => {
        if (this.#isClosed) throw closed();
        throw controller.signal.aborted ? controller.signal.reason : lost(job, states, ended(error));
      })
      .finally(() => {
        stopWatching();
        this.#underWay.delete(controller);
      });
    if ('thrown' in answer) throw revived(answer.thrown);
    return answer;
  }

  /** Threads that are at work end too. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pool?.destroy();
  }

  #start(): Piscina<WorkerMessage, WorkerAnswer> {
    const pool = new Piscina<WorkerMessage, WorkerAnswer>({
      ...threadModule('worker'),
      name: 'prepare',
      // as many as there may be: with fewer, what waits for a thread that died would wait for ever
      minThreads: this.workers,
      maxThreads: this.workers,
      idleTimeout: Number.POSITIVE_INFINITY,
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMegabytes },
    });
    // a thread that cannot even start: no other will, and what waits would wait for ever
    pool.on('error', (error) => this.#giveUp(new DataError(`pipeline: ${ended(error)}`, without)));
    return pool;
  }

  /** Whatever holds one thread may hold all: nothing waits any longer. */
  #giveUp(error: DataError): void {
    for (const controller of this.#underWay) controller.abort(error);
  }
}

const without = '--workers 0 does without threads';

const ended = ({ message }: Error) => `the thread that prepared it ended (${message})`;

function lost({ rows }: FileJob, states: Int32Array, what: string): DataError {
  const files = rows.filter((_, at) => states[at] === rowStates.underWay).map(({ path }) => path);
  return new DataError(
    `${files.length > 0 ? files.join(' or ') : `${rows[0]?.path} or one after it`}: ${what}`,
    `remove the file, or open and save it with a program for pictures; ${without}`,
  );
}

const closed = () => new ConfigError('pipeline: it was closed while batches were prepared', 'close it after its loops');

/** Calls where the thread has begun and no row gets ready. @returns how to stop that */
function whenStill(states: Int32Array, patience: number, call: () => void): () => void {
  const rows = states.length - 1;
  let before = '';
  let since = performance.now();
  const timer = setInterval(() => {
    const now = states.join('');
    const isAtWork = states[rows] !== 0 && states.subarray(0, rows).some((state) => state !== rowStates.done);
    if (now !== before || !isAtWork) {
      before = now;
      since = performance.now();
    } else if (performance.now() - since > patience) call();
  }, patience / 8).unref();
  return () => clearInterval(timer);
}

/** What was thrown in a thread, thrown here. */
function revived({ name, message, code, hint, stack }: Thrown): Error {
  if (code === 'DATA') return new DataError(message, hint);
  if (code === 'CONFIG') return new ConfigError(message, hint);
  if (code !== undefined) return new SkeinError(code, message, hint);
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
