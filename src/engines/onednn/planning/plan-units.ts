/** What a program is computed in: its nodes in groups, in an order in which they can run. */
import { liveNodes, type Program, results } from '../../../ir/index.ts';
import { groupConvolutions } from './group-convolutions.ts';
import { groupJoins } from './group-joins.ts';
import { groupNormalisations } from './group-normalisations.ts';
import { groupSums } from './group-sums.ts';
import { arrangeUnits, type Unit, unitOf } from './units.ts';

/** What outputs and guard need, and what only new state needs: until the guard is known, the old state must stay. */
export interface PlannedUnits {
  readonly early: readonly Unit[];
  readonly late: readonly Unit[];
}

/** `block` is how many channels lie together in the processor's layout. */
export function planUnits(program: Program, block: number): PlannedUnits {
  const nodes = liveNodes(program);
  const kept = new Set(results(program));
  const larger = new Map([...groupNormalisations(nodes, kept), ...groupJoins(nodes, kept, block)]);
  const others = new Map([...larger, ...groupSums(nodes, program.updates, program.graph.state, kept, larger)]);
  const groups = new Map([...others, ...groupConvolutions(nodes, kept, others)]);
  const first = [...program.outputs.values(), ...(program.guard ? [program.guard] : [])];
  const units = nodes.map((node) => groups.get(node) ?? unitOf(node));
  const early = arrangeUnits(units, first);
  const all = arrangeUnits(units, results(program));
  const done = new Set(early);
  return { early, late: all.filter((unit) => !done.has(unit)) };
}
