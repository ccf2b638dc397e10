/** New content of state: which of it may be written over the old one at once, because nothing reads that later. */
import { type OpDefinition, ops, type Program, type Value } from '../../../ir/index.ts';
import type { NodeUnit, Unit } from './units.ts';

/** Results of these may lie in the memory of what they are made of. */
const views: ReadonlySet<OpDefinition> = new Set([ops.reshape, ops.waitFor, ops.slice, ops.pad] as OpDefinition[]);

/** These read each number before they write it. */
const elementwise: ReadonlySet<OpDefinition> = new Set([
  ops.add,
  ops.subtract,
  ops.multiply,
  ops.divide,
  ops.sqrt,
] as OpDefinition[]);

/** What `value` may be a view of. */
function originOf(value: Value): Value {
  let origin = value;
  while (origin.source.kind === 'node' && views.has(origin.source.node.op))
    origin = origin.source.node.inputs[0] as Value;
  return origin;
}

/** The state entries that are written where they belong, by their new values; `units` are what only new state needs. */
export function updatesInPlace(
  { graph, updates }: Pick<Program, 'graph' | 'updates'>,
  units: readonly Unit[],
): Map<Value, Value> {
  const lastReader = new Map<Value, number>();
  units.forEach(({ inputs }, at) => {
    for (const input of inputs) lastReader.set(originOf(input), at);
  });
  const madeAt = new Map(units.flatMap(({ outputs }, at) => outputs.map((output) => [output, at] as const)));
  // old content that becomes another entry's is read in the end
  const moved = new Set([...updates.values()].map(originOf));
  const inPlace = new Map<Value, Value>();
  for (const [name, value] of updates) {
    const entry = graph.state.get(name) as Value;
    const made = madeAt.get(value);
    if (made === undefined || moved.has(entry)) continue;
    const last = lastReader.get(entry) ?? -1;
    if (made > last || (made === last && worksInPlace(units[made] as Unit))) inPlace.set(value, entry);
  }
  return inPlace;
}

const worksInPlace = (unit: Unit) =>
  unit.kind === 'scaledSum' || (unit.kind === 'node' && elementwise.has((unit as NodeUnit).node.op));
