/** Threads that turn files into rows of batches; one that dies or stands still becomes an error that names the files. */
import { Piscina } from 'piscina';
import { DataError } from '../tensor/index.ts';
import { type FileJob, type FileJobResult, rowStates } from './file-job.ts';
import type { SentAugmentation } from './sent-augmentation.ts';
import type { WorkerMessage } from './worker.ts';

/** Without a row that is ready for so long, a thread stands still: no image takes that long. */
const patience = 120_000;

export class WorkerPool {
  readonly workers: number;
  readonly #pool: Piscina<WorkerMessage, FileJobResult>;

  /** Threads start when the first job comes. */
  constructor(workers: number) {
    this.workers = workers;
    const fromSource = import.meta.url.endsWith('.ts');
    this.#pool = new Piscina({
      filename: new URL(`./worker.${fromSource ? 'ts' : 'js'}`, import.meta.url).href,
      name: 'prepare',
      minThreads: 0,
      maxThreads: workers,
      idleTimeout: Number.POSITIVE_INFINITY,
      ...(fromSource && { execArgv: ['--import', import.meta.resolve('tsx')] }),
    });
  }

  /** Fills rows of `images`, which is in shared memory. @throws DataError where the thread died or stood still */
  async run(job: FileJob, augment: readonly SentAugmentation[], images: Float32Array): Promise<FileJobResult> {
    const states = new Int32Array(new SharedArrayBuffer(4 * job.rows.length));
    const watch = watched(states);
    try {
      return await this.#pool.run({ job, augment, images, states }, { signal: watch.signal });
    } catch (error) {
      const files = job.rows.filter((_, at) => states[at] === rowStates.underWay).map(({ path }) => path);
      if (files.length === 0) throw error;
      const what = watch.signal.aborted
        ? `for ${patience / 1000} seconds nothing came of decoding it`
        : `the thread that decoded it ended (${(error as Error).message})`;
      throw new DataError(
        `${files.join(' or ')}: ${what}`,
        'remove the file, or open and save it with a program for pictures; --workers 0 decodes without threads',
      );
    } finally {
      watch.stop();
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** Gives up where rows have begun and none gets ready. */
function watched(states: Int32Array): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  let before = '';
  let since = performance.now();
  const timer = setInterval(() => {
    const now = states.join('');
    if (now !== before || !states.includes(rowStates.underWay)) {
      before = now;
      since = performance.now();
    } else if (performance.now() - since > patience) controller.abort();
  }, patience / 8).unref();
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
