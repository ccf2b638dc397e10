/** An engine's process as a rank of its job. */
import { hostname } from 'node:os';
import {
  beatSeconds,
  type Communicator,
  defaultPatience,
  isParentStopped,
  joinRanks,
  type Limits,
} from '../../mpi/index.ts';
import { EngineError, type Shape, type Tensor } from '../../tensor/index.ts';
import type { ReducedEntries } from '../engine.ts';
import type { RankPlace } from './messages.ts';
import type { EarlySums } from './serve.ts';

/** Where the state is that is reduced. */
interface State {
  load(name: string, shape: Shape, fill: (numbers: Float32Array) => void): void;
  read(names: readonly string[], see: (name: string, content: Tensor) => void): void;
  /** What is on its way already. */
  sums?(): EarlySums | undefined;
}

/** Seconds that ranks may be late at least. @throws EngineError where SKEIN_RANKS_PATIENCE is no number of them */
function leastPatience(): number {
  const { SKEIN_RANKS_PATIENCE: said = '' } = process.env;
  if (said === '') return defaultPatience;
  const seconds = Number(said);
  if (seconds > 0 && seconds <= 86_400) return seconds;
  throw new EngineError(
    `ranks: expected SKEIN_RANKS_PATIENCE to be a number of seconds above 0, but got \`${said}\``,
    `without it, ranks may be ${defaultPatience} seconds late`,
  );
}

export class Member {
  readonly communicator: Communicator;
  readonly #least: number;
  #packed = new Float32Array();
  /** When the last call of all ranks was over. */
  #parted = performance.now();
  #allowed = 0;
  readonly #beating: NodeJS.Timeout;

  private constructor(communicator: Communicator, least: number) {
    this.communicator = communicator;
    this.#least = least;
    const between = beatSeconds(least);
    this.#beating = setInterval(() => {
      communicator.beats.hear();
      // who meets the others all the time need not beat, and whose owner is stopped will not come
      if (this.#secondsApart > between && !isParentStopped()) communicator.beats.beat();
    }, between * 500);
  }

  /** Once in a process. @throws EngineError */
  static async join(): Promise<Member> {
    let member: Member | undefined;
    // programs that reduce ask for it too
    const least = leastPatience();
    const usualLimits = () => member?.limits ?? { patience: least };
    member = new Member(await joinRanks({ patience: least, usualLimits }), least);
    return member;
  }

  get place(): RankPlace {
    const { rank, size, library } = this.communicator;
    return { rank, size, library: library.version, host: hostname() };
  }

  /** In place. Entries travel together, in their own order and not in an engine's layout: machines may differ in that. */
  reduce(state: State, { sums, means }: ReducedEntries, numbers: Float64Array): void {
    const early = sums.length > 0 ? state.sums?.() : undefined;
    const done = this.#takeEarly(state, early);
    const digest = early?.digest ?? 0;
    const all = sums.length > 0 ? Float64Array.of(...numbers, digest, digest ** 2) : numbers;
    this.#together((limits) => this.communicator.allReduce(all, 'sum', limits));
    if (all !== numbers) {
      const [sum, squares] = all.subarray(numbers.length);
      const { size } = this.communicator;
      // numbers of which both the mean and the mean square are one's own have no variance: all are equal
      early?.agree(sum === size * digest && squares === size * digest ** 2 ? digest : 0);
      numbers.set(all.subarray(0, numbers.length));
    }
    const left = sums.filter((name) => !done.has(name));
    const names = [...left, ...means];
    if (names.length > 0) this.#together((limits) => this.#reduceEntries(state, names, left.length, limits));
  }

  /** Loads what was added up during the run; the names of these entries. */
  #takeEarly(state: State, early: EarlySums | undefined): Set<string> {
    const done = new Set<string>();
    if (!early?.isUnderWay) return done;
    this.#together((limits) =>
      early.take(limits, ({ name, shape }, sum) => {
        state.load(name, shape, (content) => content.set(sum));
        done.add(name);
      }),
    );
    return done;
  }

  /** The first `sums` of them become sums, the others means. */
  #reduceEntries(state: State, names: readonly string[], sums: number, limits: Limits): void {
    const { communicator } = this;
    const parts: { readonly name: string; readonly shape: Shape; readonly from: number; readonly to: number }[] = [];
    let end = 0;
    state.read(names, (name, { shape, data }) => {
      const from = end;
      end += data.length;
      this.#makeRoom(end);
      this.#packed.set(data as Float32Array, from);
      parts.push({ name, shape, from, to: end });
    });
    const packed = this.#packed.subarray(0, end);
    communicator.allReduce(packed, 'sum', limits);
    parts.forEach(({ name, shape, from, to }, i) => {
      const part = packed.subarray(from, to);
      if (i >= sums) for (let at = 0; at < part.length; at++) part[at] = (part[at] as number) / communicator.size;
      state.load(name, shape, (content) => content.set(part));
    });
  }

  /** What rank 0 gave. */
  broadcast(bytes: Uint8Array): Uint8Array {
    const length = Float64Array.of(this.communicator.rank === 0 ? bytes.length : 0);
    this.#together((limits) => this.communicator.allReduce(length, 'sum', limits));
    const content = this.communicator.rank === 0 ? bytes : new Uint8Array(length[0] as number);
    this.#together((limits) => this.communicator.broadcast(content, limits));
    return content;
  }

  leave(): void {
    clearInterval(this.#beating);
    this.#together((limits) => this.communicator.end(limits));
  }

  /** In the next call of all ranks, some that live may be late by so much. */
  allow(seconds: number): void {
    this.#allowed = Math.max(this.#allowed, seconds);
  }

  /** Who worked for long himself since the last call waits as long for others, since machines differ, and so do images. */
  get limits(): Limits {
    return { patience: Math.max(this.#least, this.#secondsApart), allowance: this.#allowed };
  }

  /** Seconds since the last call of all ranks. */
  get #secondsApart(): number {
    return (performance.now() - this.#parted) / 1000;
  }

  #together(call: (limits: Limits) => void): void {
    call(this.limits);
    this.#parted = performance.now();
    this.#allowed = 0;
  }

  #makeRoom(length: number): void {
    if (this.#packed.length >= length) return;
    const larger = new Float32Array(Math.max(length, 2 * this.#packed.length));
    larger.set(this.#packed);
    this.#packed = larger;
  }
}
