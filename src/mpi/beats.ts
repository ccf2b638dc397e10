/**
 * Signs of life between calls: of rank 0 to all, and of all to rank 0. Who is waited for because he works for long is waited for only as long
 * as he beats. A beat tells for how long there may be no other: a process that computes cannot beat.
 */
import { defaultPatience } from './limits.ts';
import { type Sent, tags, type Words } from './words.ts';

/** Seconds between two beats of a rank with this patience; others, who may have less, must hear several within theirs. */
export const beatSeconds = (patience: number): number => Math.min(patience, defaultPatience) / 5;

interface Peer {
  /** When it beat, in milliseconds of `performance.now()`. */
  heard: number;
  /** Seconds for which it may compute. */
  busy: number;
  /** The beat to it that was sent last: the next one waits until this one is on its way. */
  sent?: Sent;
}

export class Beats {
  readonly #words: Words;
  readonly #seconds: number;
  readonly #peers: ReadonlyMap<number, Peer>;
  #sent = 0;
  #longest = 0;

  constructor(words: Words, rank: number, size: number, patience: number) {
    this.#words = words;
    this.#seconds = beatSeconds(patience);
    const peers = rank === 0 ? Array.from({ length: size - 1 }, (_, i) => i + 1) : [0];
    this.#peers = new Map(peers.map((peer) => [peer, { heard: 0, busy: 0 }]));
  }

  /** This process computed for so many seconds, and may do so again: a little less with each time that it was less. */
  computed(seconds: number): void {
    this.#longest = Math.max(0.95 * this.#longest, seconds);
  }

  /** Beats where it is time. A call that fails is a beat that is missing. */
  beat(): void {
    const now = performance.now();
    if (now - this.#sent < this.#seconds * 1000) return;
    this.#sent = now;
    const busy = Math.min(255, Math.ceil(this.#longest));
    for (const [rank, peer] of this.#peers)
      if (!peer.sent || !this.#words.isUnderWay(peer.sent.request)) peer.sent = this.#words.send(rank, tags.beat, busy);
  }

  /** Hears those that have come. */
  hear(): void {
    for (const [rank, peer] of this.#peers) {
      let busy = this.#words.take(rank, tags.beat);
      for (; busy !== undefined; busy = this.#words.take(rank, tags.beat))
        Object.assign(peer, { heard: performance.now(), busy });
    }
  }

  /** Whether one that this rank hears was silent for more seconds than these and those for which it may compute. */
  isSilentFor(seconds: number): boolean {
    const now = performance.now();
    return [...this.#peers.values()].some(({ heard, busy }) => now - heard > (seconds + busy) * 1000);
  }
}
