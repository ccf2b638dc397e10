/** One arena for everything that a run computes: each stretch gets an offset, and two share bytes only where their lives do not overlap. */

/** A stretch of memory. A temporary one has a place only while something needs it; a fixed one is the program's, or all programs', own. */
export interface Stretch {
  readonly bytes: number;
  readonly isFixed: boolean;
}

/** A stretch, or a place in one. */
export interface Located {
  readonly stretch: Stretch;
  /** Bytes of the stretch in front of it. */
  readonly offset?: number;
}

/** What an instruction needs memory for. */
export interface Access {
  readonly reads: readonly Located[];
  readonly writes: readonly Located[];
  /** Needed only while it runs. */
  readonly scratch: readonly Located[];
  /** The first write may take the place of the read with this number, if nothing reads that later. */
  readonly inPlace?: number;
}

export interface Placement {
  readonly offsets: ReadonlyMap<Stretch, number>;
  readonly bytes: number;
}

interface Life {
  readonly stretch: Stretch;
  readonly from: number;
  to: number;
}

const alignment = 64;
const aligned = (bytes: number) => Math.ceil(bytes / alignment) * alignment;

/** First fit, the largest stretch first. `given` live from the start, `kept` until the end. */
export function place(instructions: readonly Access[], kept: readonly Located[], given: readonly Located[]): Placement {
  const { lives, alias } = livesOf(instructions, kept, given);
  const offsets = new Map<Stretch, number>();
  const placed: { readonly life: Life; readonly start: number; readonly end: number }[] = [];
  let bytes = 0;
  for (const life of lives.toSorted((a, b) => b.stretch.bytes - a.stretch.bytes || a.from - b.from)) {
    const size = aligned(life.stretch.bytes);
    let start = 0;
    for (const other of placed) {
      if (other.life.to < life.from || other.life.from > life.to) continue;
      if (other.start >= start + size) break;
      start = Math.max(start, other.end);
    }
    const end = start + size;
    bytes = Math.max(bytes, end);
    offsets.set(life.stretch, start);
    insert(placed, { life, start, end });
  }
  for (const [stretch, taken] of alias) offsets.set(stretch, offsets.get(taken) as number);
  return { offsets, bytes };
}

/** From the instruction that first writes a stretch to the last that uses it; one that takes another's place lengthens its life. */
function livesOf(instructions: readonly Access[], kept: readonly Located[], given: readonly Located[]) {
  const last = new Map<Stretch, number>();
  instructions.forEach(({ reads, writes, scratch }, at) => {
    for (const { stretch } of [...reads, ...writes, ...scratch]) last.set(stretch, at);
  });
  for (const { stretch } of kept) last.set(stretch, instructions.length);
  const lives = new Map<Stretch, Life>();
  const alias = new Map<Stretch, Stretch>();
  for (const { stretch } of given) lives.set(stretch, { stretch, from: -1, to: last.get(stretch) ?? -1 });
  const root = (stretch: Stretch) => alias.get(stretch) ?? stretch;
  instructions.forEach(({ reads, writes, scratch, inPlace }, at) => {
    writes.forEach(({ stretch }, i) => {
      if (stretch.isFixed || lives.has(root(stretch))) return;
      const taken = inPlace === undefined || i > 0 ? undefined : reads[inPlace];
      const before = taken?.offset ? undefined : taken?.stretch;
      const to = last.get(stretch) as number;
      const life = before && lives.get(root(before));
      // whoever took the place of `before` already lengthened that life
      if (life?.to === at && life.stretch.bytes >= stretch.bytes) {
        alias.set(stretch, life.stretch);
        life.to = to;
        return;
      }
      lives.set(stretch, { stretch, from: at, to });
    });
    for (const { stretch } of scratch) if (!stretch.isFixed) lives.set(stretch, { stretch, from: at, to: at });
  });
  return { lives: [...lives.values()], alias };
}

/** Keeps the list in the order of addresses. */
function insert<T extends { readonly start: number }>(list: T[], item: T): void {
  let at = list.length;
  while (at > 0 && (list[at - 1] as T).start > item.start) at--;
  list.splice(at, 0, item);
}
