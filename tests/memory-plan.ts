/** What a memory plan must keep to, worked out apart from the planner. */
import type { Access, Located, Placement, Stretch } from '../src/engines/onednn/planning/place.ts';

export interface Schedule {
  readonly accesses: readonly Access[];
  /** There until the end. */
  readonly kept: readonly Located[];
  /** There from the start. */
  readonly given: readonly Located[];
}

interface Life {
  readonly stretch: Stretch;
  readonly from: number;
  to: number;
}

const aligned = ({ bytes }: Stretch) => 64 * Math.ceil(bytes / 64);

/** From the access that first writes a stretch to the last that uses it. */
function livesOf({ accesses, kept, given }: Schedule): Map<Stretch, Life> {
  const lives = new Map<Stretch, Life>();
  const use = ({ stretch }: Located, from: number, to: number) => {
    const life = lives.get(stretch);
    if (life) life.to = to;
    else if (!stretch.isFixed) lives.set(stretch, { stretch, from, to });
  };
  for (const one of given) use(one, -1, -1);
  accesses.forEach(({ reads, writes, scratch }, at) => {
    for (const { stretch } of reads)
      if (!stretch.isFixed && !lives.has(stretch)) throw new Error(`access ${at} reads what nobody has written`);
    for (const one of [...reads, ...writes, ...scratch]) use(one, at, at);
  });
  for (const one of kept) use(one, -1, accesses.length);
  return lives;
}

/** Whether `after` may lie where `before` lay: it is written by the access that is the last to read that, and that works in place. */
function takesOver({ accesses }: Schedule, before: Life, after: Life): boolean {
  const { reads, writes, inPlace } = accesses[after.from] ?? { reads: [], writes: [] };
  const taken = inPlace === undefined ? undefined : reads[inPlace];
  const isTaken = taken?.stretch === before.stretch && !taken.offset && writes[0]?.stretch === after.stretch;
  return isTaken && before.to === after.from;
}

/** The largest sum of bytes that are alive at one moment, what is taken over counted once: no plan needs less. */
export function leastBytes(schedule: Schedule): number {
  const { accesses } = schedule;
  const lives = livesOf(schedule);
  const changes = new Array<number>(accesses.length + 3).fill(0);
  const change = (at: number, bytes: number) => {
    changes[at + 1] = (changes[at + 1] as number) + bytes;
  };
  for (const { stretch, from, to } of lives.values()) {
    change(from, aligned(stretch));
    change(to + 1, -aligned(stretch));
  }
  accesses.forEach(({ reads, writes, inPlace }, at) => {
    const [before, after] = [reads[inPlace ?? -1], writes[0]].map((one) => one && lives.get(one.stretch));
    if (!before || !after || before === after || after.from !== at || !takesOver(schedule, before, after)) return;
    const shared = Math.min(aligned(before.stretch), aligned(after.stretch));
    change(at, -shared);
    change(at + 1, shared);
  });
  let alive = 0;
  return changes.reduce((most, bytes) => {
    alive += bytes;
    return Math.max(most, alive);
  }, 0);
}

/** What is wrong with a plan, in words: stretches that share bytes while both are alive, or that lie outside. */
export function faultsOf(schedule: Schedule, { offsets, bytes }: Placement): string[] {
  const faults: string[] = [];
  const placed = [...livesOf(schedule).values()].map((life) => {
    const start = offsets.get(life.stretch) ?? Number.NaN;
    const end = start + life.stretch.bytes;
    if (!(start >= 0 && end <= bytes && start % 64 === 0)) faults.push(`[${start}, ${end}) does not lie in ${bytes}`);
    return { life, start, end };
  });
  placed.forEach((one, i) => {
    for (let j = i + 1; j < placed.length; j++) {
      const other = placed[j] as typeof one;
      const meet = one.life.from <= other.life.to && other.life.from <= one.life.to;
      if (!meet || one.start >= other.end || other.start >= one.end) continue;
      const isSame = one.start === other.start;
      if (isSame && (takesOver(schedule, one.life, other.life) || takesOver(schedule, other.life, one.life))) continue;
      faults.push(`[${one.start}, ${one.end}) and [${other.start}, ${other.end}) are alive at ${other.life.from}`);
    }
  });
  return faults;
}
