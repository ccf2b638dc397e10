/** New content of state: where the old one was at once, where nothing reads that later, else in the end. */
import { type OpDefinition, ops, type Program, type Value } from '../../../ir/index.ts';
import type { Assembly } from './assembly.ts';
import type { Stored } from './stored.ts';
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

/** Chooses the updates that are written where they belong; `units` are what only new state needs. */
export function targetUpdates(assembly: Assembly, { graph, updates }: Program, units: readonly Unit[]): void {
  const lastReader = new Map<Value, number>();
  units.forEach(({ inputs }, at) => {
    for (const input of inputs) lastReader.set(originOf(input), at);
  });
  const madeAt = new Map(units.flatMap(({ outputs }, at) => outputs.map((output) => [output, at] as const)));
  // old content that becomes another entry's is read in the end
  const moved = new Set([...updates.values()].map(originOf));
  for (const [name, value] of updates) {
    const entry = graph.state.get(name) as Value;
    const made = madeAt.get(value);
    if (made === undefined || moved.has(entry)) continue;
    const last = lastReader.get(entry) ?? -1;
    if (made > last || (made === last && worksInPlace(units[made] as Unit))) assembly.target(value, entry);
  }
}

const worksInPlace = (unit: Unit) =>
  unit.kind === 'scaledSum' || (unit.kind === 'node' && elementwise.has((unit as NodeUnit).node.op));

/** Brings the rest where it belongs. What one move overwrites and another one reads is put aside first. */
export function moveUpdates(assembly: Assembly, { graph, updates }: Program): void {
  const moves = [...updates]
    .map(([name, value]) => {
      const to = assembly.read(graph.state.get(name) as Value);
      return { from: assembly.readAs(value, to.layout), to };
    })
    .filter(({ from, to }) => from.stretch !== to.stretch);
  const overwritten = new Set(moves.map(({ to }) => to.stretch));
  const aside = ({ from }: (typeof moves)[number]): Stored => {
    if (!overwritten.has(from.stretch)) return from;
    const kept = assembly.temporary(from.layout);
    assembly.reorder(from, kept);
    return kept;
  };
  const sources = moves.map(aside);
  moves.forEach(({ to }, i) => {
    assembly.reorder(sources[i] as Stored, to);
  });
}
