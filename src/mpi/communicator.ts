/**
 * All ranks of a job, as one of them sees them: calls that every rank makes in the same order, each with a limit on how long others may
 * keep it waiting.
 */
import { hostname } from 'node:os';
import { Beats } from './beats.ts';
import { expectSuccess, newRequest, type Request } from './calls.ts';
import type { Handle } from './handles.ts';
import type { MpiLibrary, Status } from './library.ts';
import { defaultPatience, type Limits } from './limits.ts';
import { Waiting } from './patience.ts';
import { leaveThrough, takeLeave } from './take-leave.ts';
import { partBytes } from './transfer-settings.ts';
import { Words } from './words.ts';

/** What is combined in place, number by number. */
export type Reducible = Float32Array | Float64Array;

export type Reduction = 'sum' | 'max' | 'min';

/** Options of `joinRanks`. */
export interface JoinOptions {
  /** Seconds that other ranks may be late: 20, unless they had long work to do before. */
  readonly patience?: number | undefined;
  /** Asked at each call that says nothing else. */
  readonly usualLimits?: () => Limits;
}

/** Each call may set its own; of the time that a transfer itself takes only `patience` counts. */
export type CallOptions = Partial<Limits>;

/** A reduction under way, whose numbers nobody may touch. */
export interface StartedReduction {
  /** Whether it is done; asking also brings it on. @throws EngineError */
  test(): boolean;
  /** @throws EngineError */
  wait(options?: CallOptions): void;
}

/**
 * Up to here a call is begun and asked after, and so has its limit to the end. What is longer goes several times faster in the library's
 * blocking calls: the ranks meet before each part, and an alarm ends the process where the part itself does not end.
 */
const longBytes = 64 * 1024;
/** Slower than this, a network is taken for one that hangs. */
const leastBytesPerSecond = 5_000_000;

export class Communicator {
  readonly rank: number;
  readonly size: number;
  readonly library: MpiLibrary;
  readonly #usual: () => Limits;
  readonly #beats: Beats;
  readonly #waiting: Waiting;
  readonly #calls: Readonly<Record<'reduce' | 'startReduce' | 'broadcast' | 'startBroadcast' | 'meet', Status>>;
  readonly #request = newRequest();
  /** Of reductions that were begun and not seen to end: they share the line. */
  readonly #underWay = new Set<{ readonly part: Reducible }>();
  /** Where an array is so small that the collector may move it. */
  readonly #fixed = new ArrayBuffer(longBytes);

  private constructor(
    library: MpiLibrary,
    { patience = defaultPatience, usualLimits = () => ({ patience }) }: JoinOptions,
  ) {
    const { world } = library.handles;
    const reduction = ['intptr_t', 'void *', 'int', 'intptr_t', 'intptr_t', 'intptr_t'];
    const broadcast = ['void *', 'int', 'intptr_t', 'int', 'intptr_t'];
    this.library = library;
    this.#usual = usualLimits;
    this.#calls = {
      reduce: library.status('MPI_Allreduce', ...reduction),
      startReduce: library.status('MPI_Iallreduce', ...reduction, 'void *'),
      broadcast: library.status('MPI_Bcast', ...broadcast),
      startBroadcast: library.status('MPI_Ibcast', ...broadcast, 'void *'),
      meet: library.status('MPI_Ibarrier', 'intptr_t', 'void *'),
    };
    const place = new Int32Array(2);
    expectSuccess(library, 'MPI_Comm_rank', library.status('MPI_Comm_rank', 'intptr_t', 'void *')(world, place));
    this.rank = place[0] as number;
    expectSuccess(library, 'MPI_Comm_size', library.status('MPI_Comm_size', 'intptr_t', 'void *')(world, place));
    this.size = place[0] as number;
    const words = new Words(library);
    this.#beats = new Beats(words, this.rank, this.size, patience);
    this.#waiting = new Waiting(library, this.rank, this.size, words, this.#beats);
    this.#waiting.hosts = this.#tellHosts();
  }

  /** Once in a process. @throws EngineError */
  static begin(library: MpiLibrary, options: JoinOptions = {}): Communicator {
    const { world, errorsReturn, funnelled } = library.handles;
    const provided = new Int32Array(2);
    const init = library.status('MPI_Init_thread', 'void *', 'void *', 'int', 'void *');
    expectSuccess(library, 'MPI_Init_thread', init(null, null, funnelled, provided));
    const handle = library.status('MPI_Comm_set_errhandler', 'intptr_t', 'intptr_t');
    expectSuccess(library, 'MPI_Comm_set_errhandler', handle(world, errorsReturn));
    return new Communicator(library, options);
  }

  /** Of each rank. */
  get hosts(): readonly string[] {
    return this.#waiting.hosts;
  }

  /**
   * Afterwards `numbers` hold the sum, say, of what all ranks gave: the same bytes on each.
   * @throws EngineError that names the ranks that are late
   */
  allReduce(numbers: Reducible, reduction: Reduction = 'sum', options: CallOptions = {}): void {
    const { handles } = this.library;
    const limits = this.#limits(options);
    if (numbers.byteLength <= longBytes) {
      const { byteLength, length } = numbers;
      const fixed = numbers instanceof Float64Array ? new Float64Array(this.#fixed) : new Float32Array(this.#fixed);
      const room = fixed.subarray(0, length);
      room.set(numbers);
      if (byteLength > 0) this.#waiting.until(this.#startPart(room, reduction, this.#request), 'all-reduce', limits);
      numbers.set(room);
      return;
    }
    const type = this.#typeOf(numbers);
    for (const part of partsOf(numbers)) {
      this.#transfer('MPI_Allreduce', part.byteLength, limits, () =>
        this.#calls.reduce(handles.inPlace, part, part.length, type, handles[reduction], handles.world),
      );
    }
  }

  /** Begins an all-reduce that goes on while this rank computes, as long as it asks after it. @throws EngineError */
  startAllReduce(numbers: Reducible, reduction: Reduction = 'sum'): StartedReduction {
    const pending = [...partsOf(numbers)].map((part) => ({
      request: this.#startPart(part, reduction, newRequest()),
      // kept while the library writes there, also where nobody waits for it any more
      part,
    }));
    for (const one of pending) this.#underWay.add(one);
    const end = () => {
      const [first] = pending.splice(0, 1);
      if (first) this.#underWay.delete(first);
    };
    const test = () => {
      while (pending[0] && this.#waiting.isDone(pending[0].request)) end();
      return pending.length === 0;
    };
    return {
      test,
      wait: (options = {}) => {
        const { patience, allowance } = this.#limits(options);
        const bytes = [...this.#underWay].reduce((sum, { part }) => sum + part.byteLength, 0);
        const seconds = patience + bytes / leastBytesPerSecond;
        for (let first = pending[0]; first; first = pending[0]) {
          this.#waiting.until(first.request, 'all-reduce', { patience: seconds, allowance });
          end();
        }
      },
    };
  }

  /** Afterwards `bytes` hold what rank 0 gave. @throws EngineError that names the ranks that are late */
  broadcast(bytes: Uint8Array, options: CallOptions = {}): void {
    const { handles } = this.library;
    const limits = this.#limits(options);
    if (bytes.length <= longBytes) {
      const room = new Uint8Array(this.#fixed, 0, bytes.length);
      room.set(bytes);
      const status = this.#calls.startBroadcast(room, room.length, handles.byte, 0, handles.world, this.#request);
      expectSuccess(this.library, 'MPI_Ibcast', status);
      this.#waiting.until(this.#request, 'broadcast', limits);
      bytes.set(room);
      return;
    }
    for (const part of partsOf(bytes)) {
      this.#transfer('MPI_Bcast', part.length, limits, () =>
        this.#calls.broadcast(part, part.length, handles.byte, 0, handles.world),
      );
    }
  }

  /** Returns when all ranks are here. @throws EngineError that names those that are late */
  meet(what = 'meeting', options: CallOptions = {}): void {
    const status = this.#calls.meet(this.library.handles.world, this.#request);
    expectSuccess(this.library, 'MPI_Ibarrier', status);
    this.#waiting.until(this.#request, what, this.#limits(options));
  }

  /** The last call; without it the launcher takes the end of the process for a failure. @throws EngineError */
  end(options: CallOptions = {}): void {
    const finalize = this.library.status('MPI_Finalize');
    const { patience, allowance } = this.#limits(options);
    const descriptor = leaveThrough(this);
    // libraries clear up between machines, which may take a while
    this.#transfer('MPI_Finalize', 0, { patience: Math.max(patience, 60), allowance }, () => {
      // nothing that came may be left
      this.#beats.hear();
      if (descriptor === undefined) return finalize();
      takeLeave(descriptor);
      return 0;
    });
  }

  /** What tells the others that this rank lives, as one must that lets them wait, and hears them. */
  get beats(): Beats {
    return this.#beats;
  }

  /** Ends the processes of all ranks. */
  abort(code: number): void {
    this.library.status('MPI_Abort', 'intptr_t', 'int')(this.library.handles.world, code);
  }

  #startPart(part: Reducible, reduction: Reduction, request: Request): Request {
    const { inPlace, world, [reduction]: operation } = this.library.handles;
    const type = this.#typeOf(part);
    const status = this.#calls.startReduce(inPlace, part, part.length, type, operation, world, request);
    expectSuccess(this.library, 'MPI_Iallreduce', status);
    return request;
  }

  /** A blocking call, once all are here for it. */
  #transfer(call: string, bytes: number, limits: Limits, run: () => number): void {
    this.meet(call === 'MPI_Finalize' ? 'the end' : call === 'MPI_Bcast' ? 'broadcast' : 'all-reduce', limits);
    const { alarm } = this.library.system;
    alarm(Math.ceil(limits.patience + bytes / leastBytesPerSecond));
    try {
      expectSuccess(this.library, call, run());
    } finally {
      alarm(0);
    }
  }

  #limits({ patience, allowance }: CallOptions): Limits {
    const usual = this.#usual();
    return { patience: patience ?? usual.patience, allowance: allowance ?? usual.allowance };
  }

  #typeOf(numbers: Reducible): Handle {
    return numbers instanceof Float64Array ? this.library.handles.double : this.library.handles.float;
  }

  #tellHosts(): string[] {
    const { byte, inPlace, world } = this.library.handles;
    const width = 256;
    const names = Buffer.from(new ArrayBuffer(Math.max(4096, this.size * width)));
    names.write(hostname(), this.rank * width, width, 'utf8');
    const gather = this.library.status(
      'MPI_Iallgather',
      ...['intptr_t', 'int', 'intptr_t', 'void *', 'int', 'intptr_t', 'intptr_t', 'void *'],
    );
    expectSuccess(
      this.library,
      'MPI_Iallgather',
      gather(inPlace, width, byte, names, width, byte, world, this.#request),
    );
    this.#waiting.until(this.#request, 'the beginning', this.#usual());
    return Array.from({ length: this.size }, (_, rank) =>
      names.toString('utf8', rank * width, (rank + 1) * width).replace(/\0+$/, ''),
    );
  }
}

/** What a long transfer is cut into. */
function* partsOf<Numbers extends Reducible | Uint8Array>(numbers: Numbers): Generator<Numbers> {
  const length = partBytes / numbers.BYTES_PER_ELEMENT;
  for (let from = 0; from < numbers.length; from += length) yield numbers.subarray(from, from + length) as Numbers;
}
