/**
 * Signs of life between calls: of rank 0 to all, and of all to rank 0. Who is waited for because it works for long is waited for only as long
 * as it beats.
 */
import { fixedBytes, newRequest, type Request } from './calls.ts';
import type { MpiLibrary, Status } from './library.ts';

const beatTag = 20;

export class Beats {
  readonly #library: MpiLibrary;
  readonly #seconds: number;
  readonly #probe: Status;
  readonly #receive: Status;
  readonly #send: Status;
  readonly #test: Status;
  readonly #flag = new Int32Array(new ArrayBuffer(fixedBytes));
  readonly #word = new Uint8Array(new ArrayBuffer(fixedBytes));
  readonly #heard: Map<number, number>;
  /** Beats that were sent, by rank: the next one waits until this one is on its way. */
  readonly #underWay = new Map<number, Request>();
  #sent = 0;

  /** @param seconds from one to the next */
  constructor(library: MpiLibrary, rank: number, size: number, seconds: number) {
    this.#library = library;
    this.#seconds = seconds;
    this.#probe = library.status('MPI_Iprobe', 'int', 'int', 'intptr_t', 'void *', 'intptr_t');
    this.#receive = library.status('MPI_Recv', 'void *', 'int', 'intptr_t', 'int', 'int', 'intptr_t', 'intptr_t');
    this.#send = library.status('MPI_Isend', 'void *', 'int', 'intptr_t', 'int', 'int', 'intptr_t', 'void *');
    this.#test = library.status('MPI_Test', 'void *', 'void *', 'intptr_t');
    const peers = rank === 0 ? Array.from({ length: size - 1 }, (_, i) => i + 1) : [0];
    this.#heard = new Map(peers.map((peer) => [peer, 0]));
  }

  /** Hears those that came, and beats where it is time. A call that fails is a beat that is missing. */
  exchange(): void {
    const now = performance.now();
    const isTime = now - this.#sent >= this.#seconds * 1000;
    for (const peer of this.#heard.keys()) {
      while (this.#hasSent(peer) && this.#hear(peer)) this.#heard.set(peer, now);
      if (isTime) this.#beat(peer);
    }
    if (isTime) this.#sent = now;
  }

  /** Whether one of those that this rank hears was silent since then, in milliseconds of `performance.now()`. */
  isSilentSince(time: number): boolean {
    return [...this.#heard.values()].some((heard) => heard < time);
  }

  #hasSent(peer: number): boolean {
    const { world, statusIgnore } = this.#library.handles;
    return this.#probe(peer, beatTag, world, this.#flag, statusIgnore) === 0 && this.#flag[0] !== 0;
  }

  #hear(peer: number): boolean {
    const { byte, world, statusIgnore } = this.#library.handles;
    return this.#receive(this.#word, 1, byte, peer, beatTag, world, statusIgnore) === 0;
  }

  #beat(peer: number): void {
    const { byte, world } = this.#library.handles;
    const before = this.#underWay.get(peer);
    if (before && this.#isUnderWay(before)) return;
    const request = newRequest();
    this.#underWay.set(peer, request);
    this.#send(this.#word, 1, byte, peer, beatTag, world, request);
  }

  #isUnderWay(request: Request): boolean {
    return this.#test(request, this.#flag, this.#library.handles.statusIgnore) === 0 && this.#flag[0] === 0;
  }
}
