/** An engine's process as a rank of its job. */
import { hostname } from 'node:os';
import { type Communicator, defaultPatience, joinRanks } from '../../mpi/index.ts';
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

  private constructor(communicator: Communicator, least: number) {
    this.communicator = communicator;
    this.#least = least;
  }

  /** Once in a process. @throws EngineError */
  static async join(): Promise<Member> {
    let member: Member | undefined;
    // programs that reduce ask for it too
    const least = leastPatience();
    const usualPatience = () => member?.patience ?? least;
    member = new Member(await joinRanks({ usualPatience }), least);
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
    this.#together((patience) => this.communicator.allReduce(all, 'sum', { patience }));
    if (all !== numbers) {
      const [sum, squares] = all.subarray(numbers.length);
      const { size } = this.communicator;
      // numbers of which both the mean and the mean square are one's own have no variance: all are equal
      early?.agree(sum === size * digest && squares === size * digest ** 2 ? digest : 0);
      numbers.set(all.subarray(0, numbers.length));
    }
    const left = sums.filter((name) => !done.has(name));
    const names = [...left, ...means];
    if (names.length > 0) this.#together((patience) => this.#reduceEntries(state, names, left.length, patience));
  }

  /** Loads what was added up during the run; the names of these entries. */
  #takeEarly(state: State, early: EarlySums | undefined): Set<string> {
    const done = new Set<string>();
    if (!early?.isUnderWay) return done;
    this.#together((patience) =>
      early.take(patience, ({ name, shape }, sum) => {
        state.load(name, shape, (content) => content.set(sum));
        done.add(name);
      }),
    );
    return done;
  }

  /** The first `sums` of them become sums, the others means. */
  #reduceEntries(state: State, names: readonly string[], sums: number, patience: number): void {
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
    communicator.allReduce(packed, 'sum', { patience });
    parts.forEach(({ name, shape, from, to }, i) => {
      const part = packed.subarray(from, to);
      if (i >= sums) for (let at = 0; at < part.length; at++) part[at] = (part[at] as number) / communicator.size;
      state.load(name, shape, (content) => content.set(part));
    });
  }

  /** What rank 0 gave. */
  broadcast(bytes: Uint8Array): Uint8Array {
    const length = Float64Array.of(this.communicator.rank === 0 ? bytes.length : 0);
    this.#together((patience) => this.communicator.allReduce(length, 'sum', { patience }));
    const content = this.communicator.rank === 0 ? bytes : new Uint8Array(length[0] as number);
    this.#together((patience) => this.communicator.broadcast(content, { patience }));
    return content;
  }

  leave(): void {
    this.#together((patience) => this.communicator.end({ patience }));
  }

  /** In the next call of all ranks, some may be late by so much. */
  allow(seconds: number): void {
    this.#allowed = Math.max(this.#allowed, seconds);
  }

  /** Seconds: who worked for long himself since the last call waits as long for others, since machines differ, and so do images. */
  get patience(): number {
    return Math.max(this.#least, (performance.now() - this.#parted) / 1000, this.#allowed);
  }

  #together(call: (patience: number) => void): void {
    call(this.patience);
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
