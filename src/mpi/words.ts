/** Words of one byte from one rank to another, beside the calls of all ranks. What they mean is told by their tag. */
import { fixedBytes, newRequest, type Request } from './calls.ts';
import type { MpiLibrary, Status } from './library.ts';

export const tags = { roll: 19, beat: 20 } as const;

type Tag = (typeof tags)[keyof typeof tags];

export class Words {
  readonly #library: MpiLibrary;
  readonly #test: Status;
  readonly #probe: Status;
  readonly #send: Status;
  readonly #receive: Status;
  readonly #flag = new Int32Array(new ArrayBuffer(fixedBytes));

  constructor(library: MpiLibrary) {
    this.#library = library;
    this.#test = library.status('MPI_Test', 'void *', 'void *', 'intptr_t');
    this.#probe = library.status('MPI_Iprobe', 'int', 'int', 'intptr_t', 'void *', 'intptr_t');
    this.#send = library.status('MPI_Isend', 'void *', 'int', 'intptr_t', 'int', 'int', 'intptr_t', 'void *');
    this.#receive = library.status('MPI_Recv', 'void *', 'int', 'intptr_t', 'int', 'int', 'intptr_t', 'intptr_t');
  }

  /** Whether a call is under way still; one that failed is not. */
  isUnderWay(request: Request): boolean {
    return this.#test(request, this.#flag, this.#library.handles.statusIgnore) === 0 && this.#flag[0] === 0;
  }

  /** Begins to send a number of one byte. Who keeps the request keeps what is sent. */
  send(rank: number, tag: Tag, value = 0): Sent {
    const { byte, world } = this.#library.handles;
    const sent = { request: newRequest(), word: new Uint8Array(new ArrayBuffer(fixedBytes)) };
    sent.word[0] = value;
    this.#send(sent.word, 1, byte, rank, tag, world, sent.request);
    return sent;
  }

  /** Whether one is there to be taken. */
  hasCome(rank: number, tag: Tag): boolean {
    const { world, statusIgnore } = this.#library.handles;
    return this.#probe(rank, tag, world, this.#flag, statusIgnore) === 0 && this.#flag[0] !== 0;
  }

  /** The first one that has come; undefined where there is none. */
  take(rank: number, tag: Tag): number | undefined {
    if (!this.hasCome(rank, tag)) return undefined;
    const { byte, world, statusIgnore } = this.#library.handles;
    const word = new Uint8Array(new ArrayBuffer(fixedBytes));
    return this.#receive(word, 1, byte, rank, tag, world, statusIgnore) === 0 ? word[0] : undefined;
  }
}

export interface Sent {
  readonly request: Request;
  readonly word: Uint8Array;
}
