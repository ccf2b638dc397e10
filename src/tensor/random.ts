/**
 * Seeded random numbers, the same on every machine: xoshiro128** (Blackman and Vigna 2018) seeded by splitmix32.
 * Independent streams come from `fork`, so that no result depends on the order in which others draw.
 */

const uint32 = 2 ** 32;

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

const rotateLeft = (x: number, k: number) => (x << k) | (x >>> (32 - k));

export class Random {
  readonly #key: string;
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Equal seeds give equal sequences. */
  constructor(seed: number | string) {
    this.#key = String(seed);
    const next = splitmix32(hash(this.#key));
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next();
  }

  /** A stream of its own for `label`; drawing from it does not move this one, nor the other way round. */
  fork(label: number | string): Random {
    return new Random(`${this.#key}/${label}`);
  }

  /** An integer in [0, 2³²). */
  bits(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotateLeft(this.#d, 11);
    return result;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.bits() / uint32;
  }

  /** An integer in [0, bound), without the bias of a plain remainder. */
  integer(bound: number): number {
    const limit = uint32 - (uint32 % bound);
    for (;;) {
      const bits = this.bits();
      if (bits < limit) return bits % bound;
    }
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles in place (Fisher and Yates) and returns its argument. */
  shuffle<A extends { [index: number]: number; length: number }>(items: A): A {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const item = items[i] as number;
      items[i] = items[j] as number;
      items[j] = item;
    }
    return items;
  }
}
