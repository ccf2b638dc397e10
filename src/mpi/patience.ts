/**
 * Waiting for other ranks, with a limit: a rank that is stopped or hangs keeps nobody longer. When one has waited too long, all that wait call
 * each other, and whoever does not answer is named.
 */
import { EngineError } from '../tensor/index.ts';
import type { Beats } from './beats.ts';
import { expectSuccess, fixedBytes, type Request } from './calls.ts';
import type { MpiLibrary, Status } from './library.ts';
import type { Limits } from './limits.ts';
import { type Sent, tags, type Words } from './words.ts';

/** For the answers of those that wait too: they look for a call ten times a second. */
const rollSeconds = 3;

const remedy =
  'look whether a process there is stopped, or a disk or the network hangs; --resume goes on from the last checkpoint';

/** How a process ends that waits too long within a long transfer, and what that means. */
export const endedByAlarm = {
  signal: 'SIGALRM',
  problem: 'another rank or the network hangs: numbers that were on their way did not arrive',
  remedy,
} as const;

export class Waiting {
  readonly #library: MpiLibrary;
  readonly #rank: number;
  readonly #size: number;
  readonly #words: Words;
  readonly #beats: Beats;
  readonly #test: Status;
  readonly #flag = new Int32Array(new ArrayBuffer(fixedBytes));
  readonly #sent: Sent[] = [];
  /** Of each rank; empty until all have told theirs. */
  hosts: readonly string[] = [];

  constructor(library: MpiLibrary, rank: number, size: number, words: Words, beats: Beats) {
    this.#library = library;
    this.#rank = rank;
    this.#size = size;
    this.#words = words;
    this.#beats = beats;
    this.#test = library.status('MPI_Test', 'void *', 'void *', 'intptr_t');
  }

  /** Whether it is done; also what brings it on. @throws EngineError */
  isDone(request: Request): boolean {
    expectSuccess(this.#library, 'MPI_Test', this.#test(request, this.#flag, this.#library.handles.statusIgnore));
    return this.#flag[0] !== 0;
  }

  /** @param what in which all ranks take part, such as `all-reduce` @throws EngineError that names who is late */
  until(request: Request, what: string, { patience, allowance = 0 }: Limits): void {
    for (let i = 0; i < 50; i++) if (this.isDone(request)) return;
    const begin = performance.now();
    const longest = Math.max(patience, allowance);
    let nextLook = 1000;
    while (!this.isDone(request)) {
      const waited = performance.now() - begin;
      if (waited > longest * 1000) this.#callRoll(what, 'all', longest);
      if (waited > nextLook) {
        if (this.#others().some((rank) => this.#hasCalled(rank))) this.#callRoll(what, 'all', patience);
        this.#beats.hear();
        this.#beats.beat();
        nextLook = waited + 100;
      }
      if (waited > patience * 1000 && this.#beats.isSilentFor(patience))
        this.#callRoll(what, 'a sign of life of all', patience);
      // who waits for long leaves the core to those that still compute
      if (waited < 0.2) this.#library.system.yieldCore();
      else sleep(Math.min(0.25, waited / 8));
    }
  }

  /** Calls all others, and listens who calls. */
  #callRoll(what: string, expected: string, seconds: number): never {
    const others = this.#others();
    for (const rank of others) this.#sent.push(this.#words.send(rank, tags.roll));
    const end = performance.now() + rollSeconds * 1000;
    let late = others;
    while (late.length > 0 && performance.now() < end) {
      late = late.filter((rank) => !this.#hasCalled(rank));
      sleep(1);
    }
    const who = late.length === 0 ? 'one of them came too late' : `${this.#named(late)} did not come`;
    const inTime = `${this.#size} ranks within ${Math.ceil(seconds)} seconds`;
    throw new EngineError(`mpi: ${what}: expected ${expected} ${inTime}, but ${who}`, remedy);
  }

  #others(): number[] {
    return Array.from({ length: this.#size }, (_, rank) => rank).filter((rank) => rank !== this.#rank);
  }

  #hasCalled(rank: number): boolean {
    return this.#words.hasCome(rank, tags.roll);
  }

  #named(ranks: readonly number[]): string {
    const shown = ranks.slice(0, 8).map((rank) => `rank ${rank} (${this.hosts[rank] ?? 'unknown host'})`);
    return [...shown, ...(ranks.length > 8 ? [`${ranks.length - 8} more`] : [])].join(', ');
  }
}

const nothing = new Int32Array(new SharedArrayBuffer(4));

const sleep = (milliseconds: number) => void Atomics.wait(nothing, 0, 0, milliseconds);
