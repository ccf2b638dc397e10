import type { DrawnArc } from './drawn-arc.ts';

/** Gives each arc the lane nearest to the spine in which no other arc is beside it; short arcs choose first, so that arcs nest. */
export function withLanes(arcs: readonly Omit<DrawnArc, 'lane'>[]): DrawnArc[] {
  const taken: { start: number; end: number }[][] = [];
  const placed = new Map<Omit<DrawnArc, 'lane'>, number>();
  const byLength = [...arcs].sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start);
  for (const arc of byLength) {
    let lane = 0;
    while (taken[lane]?.some(({ start, end }) => start <= arc.end && arc.start <= end)) lane++;
    taken[lane] ??= [];
    taken[lane]?.push(arc);
    placed.set(arc, lane);
  }
  return arcs.map((arc) => ({ ...arc, lane: placed.get(arc) as number }));
}
