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
      const { place } = await within(joinSeconds, remote.ask({ kind: 'join' }));
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
      // why it died is told by what it was doing
      if (this.#remote.isAlive) await this.#remote.ask({ kind: 'clear' });
      this.#isTaken = false;
    });
  }
}

/** Machines that cannot reach each other wait for ever. SKEIN_RANKS_PATIENCE may give those that fetch weights longer. */
const joinSeconds = Math.max(120, Number(process.env.SKEIN_RANKS_PATIENCE) || 0);

/** @throws EngineError where it takes longer */
async function within<T>(seconds: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const late = new EngineError(
      `ranks: expected all ranks of the job within ${seconds} seconds, but some did not come`,
      'look whether every machine starts its ranks and reaches the others (docs/distributed.md says how to choose the network), or still fetches its weights: SKEIN_RANKS_PATIENCE=1200 waits longer',
    );
    timer = setTimeout(() => reject(late), seconds * 1000);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}

const processes = new WeakMap<Ranks, RankProcess>();

function ranksThrough(remote: Remote<unknown>, place: RankPlace): Ranks {
  let left: Promise<void> | undefined;
  const sum = async (numbers: Float64Array) =>
    (await remote.ask({ kind: 'reduce', sums: [], means: [], numbers })).numbers as Float64Array;
  const leave = async () => {
    await sum(new Float64Array(1));
    try {
      await remote.ask({ kind: 'leave' });
    } catch (error) {
      // all have met, so nothing is lost where the library ends its process instead of itself
      if (remote.isAlive) throw error;
    }
  };
  return {
    ...place,
    sum,
    broadcast: async (bytes) => (await remote.ask({ kind: 'broadcast', bytes })).bytes as Uint8Array,
    allow: async (seconds) => void (await remote.ask({ kind: 'allow', seconds })),
    leave: async () => {
      left ??= leave();
      await left;
    },
    dispose: () => remote.stop(),
  };
}
