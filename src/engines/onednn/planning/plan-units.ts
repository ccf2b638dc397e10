/** What a program is computed in: its nodes in groups, in an order in which they can run. */
import { liveNodes, ops, type Program, results, type Value } from '../../../ir/index.ts';
import { EngineError } from '../../../tensor/index.ts';
import { groupConvolutions } from './group-convolutions.ts';
import { groupJoins } from './group-joins.ts';
import { groupNormalisations } from './group-normalisations.ts';
import { groupSums } from './group-sums.ts';
import { arrangeUnits, isReduction, type Unit, unitOf } from './units.ts';

/** What outputs, guard and other ranks need, and what only new state needs: until the guard is known, the old state must stay. */
export interface PlannedUnits {
  readonly early: readonly Unit[];
  readonly late: readonly Unit[];
}

/** `block` is how many channels lie together in the processor's layout; `soon` are values that are needed early besides. */
export function planUnits(program: Program, block: number, soon: readonly Value[] = []): PlannedUnits {
  const nodes = liveNodes(program);
  const kept = new Set([...results(program), ...soon]);
  const larger = new Map([...groupNormalisations(nodes, kept), ...groupJoins(nodes, kept, block)]);
  const others = new Map([...larger, ...groupSums(nodes, program.updates, program.graph.state, kept, larger)]);
  const groups = new Map([...others, ...groupConvolutions(nodes, kept, others)]);
  // one rank's guard may be false and another's true, and all must take part in all reductions
  const reduced = nodes.filter(({ op }) => op === ops.allReduce).flatMap(({ outputs }) => outputs);
  const first = [...reduced, ...soon, ...program.outputs.values(), ...(program.guard ? [program.guard] : [])];
  const units = nodes.map((node) => groups.get(node) ?? unitOf(node));
  const early = arrangeUnits(units, first);
  const all = arrangeUnits(units, results(program));
  const done = new Set(early);
  expectTurns(early);
  return { early, late: all.filter((unit) => !done.has(unit)) };
}

/** @throws EngineError where reductions are not in the order that all ranks have them in: each would wait for another one */
function expectTurns(units: readonly Unit[]): void {
  const turns = units.filter(isReduction).map(({ node }) => node.attributes.turn as number);
  const late = turns.findIndex((turn, i) => turn < (turns[i - 1] ?? 0));
  if (late > 0)
    throw new EngineError(
      `onednn: expected the reductions over all ranks in their order, but reduction ${turns[late - 1]} comes before ${turns[late]}`,
    );
}
