/** An engine's process as a rank of its job. */
import { hostname } from 'node:os';
import { type Communicator, joinRanks } from '../../mpi/index.ts';
import type { Shape, Tensor } from '../../tensor/index.ts';
import type { ReducedEntries } from '../engine.ts';
import type { RankPlace } from './messages.ts';

/** Where the state is that is reduced. */
interface State {
  load(name: string, shape: Shape, fill: (numbers: Float32Array) => void): void;
  read(names: readonly string[], see: (name: string, content: Tensor) => void): void;
}

export class Member {
  readonly communicator: Communicator;
  #packed = new Float32Array();

  private constructor(communicator: Communicator) {
    this.communicator = communicator;
  }

  /** Once in a process. @throws EngineError */
  static async join(): Promise<Member> {
    return new Member(await joinRanks());
  }

  get place(): RankPlace {
    const { rank, size, library } = this.communicator;
    return { rank, size, library: library.version, host: hostname() };
  }

  /** In place. Entries travel together, in their own order and not in an engine's layout: machines may differ in that. */
  reduce(state: State, { sums, means }: ReducedEntries, numbers: Float64Array): void {
    const { communicator } = this;
    communicator.allReduce(numbers);
    const names = [...sums, ...means];
    if (names.length === 0) return;
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
    communicator.allReduce(packed);
    parts.forEach(({ name, shape, from, to }, i) => {
      const part = packed.subarray(from, to);
      if (i >= sums.length)
        for (let at = 0; at < part.length; at++) part[at] = (part[at] as number) / communicator.size;
      state.load(name, shape, (content) => content.set(part));
    });
  }

  /** What rank 0 gave. */
  broadcast(bytes: Uint8Array): Uint8Array {
    const length = Float64Array.of(this.communicator.rank === 0 ? bytes.length : 0);
    this.communicator.allReduce(length);
    const content = this.communicator.rank === 0 ? bytes : new Uint8Array(length[0] as number);
    this.communicator.broadcast(content);
    return content;
  }

  leave(): void {
    this.communicator.end();
  }

  #makeRoom(length: number): void {
    if (this.#packed.length >= length) return;
    const larger = new Float32Array(Math.max(length, 2 * this.#packed.length));
    larger.set(this.#packed);
    this.#packed = larger;
  }
}
