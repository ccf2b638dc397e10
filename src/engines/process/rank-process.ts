/** The one process of a job's rank: programs of an engine come and go in it, the rank stays. */
import { EngineError } from '../../tensor/index.ts';
import type { Ranks } from '../engine.ts';
import type { RankPlace } from './messages.ts';
import { Lease, oneEach, type Processes } from './processes.ts';
import { Remote, type RemoteOptions } from './remote.ts';

/** An engine's process, whose module `host` exports what it does. */
export interface RankOptions extends RemoteOptions {
  /** Without extension, beside `from`: './process-host'. */
  readonly host: string;
}

export class RankProcess implements Processes<unknown> {
  readonly #remote: Remote<unknown>;
  #isTaken = false;

  private constructor(remote: Remote<unknown>) {
    this.#remote = remote;
  }

  /** Once in a process. @throws EngineError where there is no MPI, or the ranks do not find each other */
  static async start(): Promise<Ranks> {
    const remote = new Remote<unknown>({
      engine: 'ranks',
      module: './rank-child',
      from: import.meta.url,
      isRank: true,
    });
    try {
      const { place } = await remote.ask({ kind: 'join' });
      const ranks = ranksThrough(remote, place as RankPlace);
      processes.set(ranks, new RankProcess(remote));
      return ranks;
    } catch (error) {
      await remote.stop();
      throw error;
    }
  }

  /** That `start` began for these ranks. */
  static of(ranks: Ranks): RankProcess {
    return processes.get(ranks) as RankProcess;
  }

  /** Has it be an engine's. @throws EngineError where it has programs */
  async become({ engine, host, from, environment = {} }: RankOptions): Promise<void> {
    if (this.#isTaken) throw new EngineError(`${engine}: the rank’s process has the programs of another engine`);
    const module = new URL(`${host}.${from.endsWith('.ts') ? 'ts' : 'js'}`, from).href;
    await this.#remote.ask({ kind: 'become', module, environment });
  }

  /** Where it is in use, another process, which is no rank. */
  take<Entry>(options: RemoteOptions): Lease<Entry> {
    if (this.#isTaken) return oneEach.take(options);
    this.#isTaken = true;
    return new Lease(options.engine, this.#remote as Remote<Entry>, async () => {
      await this.#remote.ask({ kind: 'clear' });
      this.#isTaken = false;
    });
  }
}

const processes = new WeakMap<Ranks, RankProcess>();

const ranksThrough = (remote: Remote<unknown>, place: RankPlace): Ranks => ({
  ...place,
  sum: async (numbers) => (await remote.ask({ kind: 'reduce', sums: [], means: [], numbers })).numbers as Float64Array,
  broadcast: async (bytes) => (await remote.ask({ kind: 'broadcast', bytes })).bytes as Uint8Array,
  leave: async () => void (await remote.ask({ kind: 'leave' })),
  dispose: () => remote.stop(),
});
