/** From a program to instructions with places in memory. */
import { liveNodes, type OpName, type Program, results, type Value } from '../../../ir/index.ts';
import { EngineError } from '../../../tensor/index.ts';
import { convolve } from '../kernels/convolution.ts';
import { kernels } from '../kernels/index.ts';
import { cut, join } from '../kernels/joins.ts';
import { multiplyMatrices } from '../kernels/matrices.ts';
import { normalisationBackward, normalisationForward, type Remembered } from '../kernels/normalisation.ts';
import { scaledSum } from '../kernels/scaled-sum.ts';
import type { Arena, Library, Memory } from '../library/index.ts';
import { Assembly } from './assembly.ts';
import { FixedMemory } from './fixed-memory.ts';
import { type FusedProduct, groupConvolutions } from './group-convolutions.ts';
import { type Cut, groupJoins, type Join } from './group-joins.ts';
import { groupNormalisations, type NormalisationBackward, type NormalisationForward } from './group-normalisations.ts';
import { groupSums, type ScaledSum } from './group-sums.ts';
import type { Host } from './host.ts';
import { place } from './place.ts';
import type { Places, Stored } from './stored.ts';
import { arrangeUnits, type NodeUnit, type Unit, unitOf } from './units.ts';
import { moveUpdates, targetUpdates } from './updates.ts';

/** A program that is ready to run. */
export interface CompiledProgram {
  readonly inputs: ReadonlyMap<string, Float32Array>;
  readonly outputs: ReadonlyMap<string, { readonly value: Value; readonly data: Float32Array }>;
  /** What each run does before the state changes; then the guard is looked at. */
  readonly steps: readonly Step[];
  readonly guard: Float32Array | undefined;
  readonly updates: readonly Step[];
  readonly arena: Arena;
  /** Frees its primitives and its memory; the state stays. */
  dispose(): void;
  /** Of the library's choices: `convolution forwardTraining: jit:avx512_core`. */
  readonly implementations: readonly string[];
}

/** One instruction, bound to its memory. */
export interface Step {
  readonly name: string;
  /** Of what it reads and writes. */
  readonly bytes: number;
  run(): void;
}

/** @throws EngineError where the library cannot do what the program needs */
export function compileProgram(host: Host, program: Program): CompiledProgram {
  const { library, memory } = host;
  const [early, late] = sections(program, host.block);
  const assembly = new Assembly(host, [...early, ...late], new Set(results(program)));
  const inputs = placeInputs(assembly, program);
  assemble(assembly, early);
  const plainOf = (value: Value) => assembly.readPlain(value);
  const outputs = [...program.outputs].map(([name, value]) => [name, value, plainOf(value)] as const);
  const guard = program.guard && plainOf(program.guard);
  const split = assembly.instructions.length;
  targetUpdates(assembly, program, late);
  assemble(assembly, late);
  moveUpdates(assembly, program);
  const kept = [...inputs.values(), ...outputs.map(([, , stored]) => stored), ...(guard ? [guard] : [])];
  const { offsets, bytes } = place(assembly.instructions, kept, [...inputs.values()]);
  const arena = library.arena(Math.max(bytes, 64));
  const constants = new FixedMemory(library, bytesOfConstants(assembly));
  const places = placesIn(library, { state: memory, constants, arena }, offsets);
  for (const { stored, data } of assembly.constants) places.floats(stored).set(data);
  for (const [from, to] of assembly.preparations) prepare(assembly, places, from, to);
  const steps = assembly.instructions.map((instruction) => ({
    name: instruction.name,
    bytes: [...instruction.reads, ...instruction.writes].reduce((bytes, { layout }) => bytes + layout.bytes, 0),
    run: instruction.bind(places),
  }));
  return {
    inputs: new Map([...inputs].map(([name, stored]) => [name, places.floats(stored)])),
    outputs: new Map(outputs.map(([name, value, stored]) => [name, { value, data: places.floats(stored) }])),
    steps: steps.slice(0, split),
    guard: guard && places.floats(guard),
    updates: steps.slice(split),
    arena,
    dispose: () => {
      assembly.destroyPrimitives();
      // with the memories that lie in them
      for (const owner of [arena, constants]) owner.dispose();
      for (const memory of places.ofState()) memory.destroy();
    },
    implementations: assembly.primitives.map(
      ({ description, implementation }) =>
        `${description.kind}${'pass' in description ? ` ${description.pass}` : ''}: ${implementation}`,
    ),
  };
}

function placeInputs(assembly: Assembly, { graph }: Program): Map<string, Stored> {
  return new Map(
    [...graph.inputs].map(([name, value]) => {
      const stored = assembly.temporary(assembly.plain(value));
      assembly.place(value, stored);
      return [name, stored] as const;
    }),
  );
}

/** What outputs and guard need, and what only new state needs: until the guard is known, the old state must stay. */
function sections(program: Program, block: number): [Unit[], Unit[]] {
  const nodes = liveNodes(program);
  const kept = new Set(results(program));
  const others = new Map([
    ...groupNormalisations(nodes, kept),
    ...groupJoins(nodes, kept, block),
    ...groupSums(nodes, program.updates, program.graph.state, kept),
  ]);
  const groups = new Map([...others, ...groupConvolutions(nodes, kept, others)]);
  const first = [...program.outputs.values(), ...(program.guard ? [program.guard] : [])];
  const units = nodes.map((node) => groups.get(node) ?? unitOf(node));
  const early = arrangeUnits(units, first);
  const all = arrangeUnits(units, results(program));
  const done = new Set(early);
  return [early, all.filter((unit) => !done.has(unit))];
}

function assemble(assembly: Assembly, units: readonly Unit[]): void {
  for (const unit of units) {
    try {
      assembleUnit(assembly, unit);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw new EngineError(`${nameOf(unit)}: ${error.message}`, error.hint);
    }
  }
}

const remembered = new WeakMap<Unit, Remembered>();

function assembleUnit(assembly: Assembly, unit: Unit): void {
  if (unit.kind === 'scaledSum') {
    scaledSum(assembly, unit as ScaledSum);
  } else if (unit.kind === 'fusedConvolution') {
    convolve(assembly, unit as FusedProduct);
  } else if (unit.kind === 'fusedMatmul') {
    multiplyMatrices(assembly, unit as FusedProduct);
  } else if (unit.kind === 'join') {
    join(assembly, unit as Join);
  } else if (unit.kind === 'cut') {
    cut(assembly, unit as Cut);
  } else if (unit.kind === 'normalisation') {
    remembered.set(unit, normalisationForward(assembly, unit as NormalisationForward));
  } else if (unit.kind === 'normalisationGradient') {
    const { rectified } = unit as NormalisationBackward;
    normalisationBackward(assembly, unit as NormalisationBackward, rectified && remembered.get(rectified));
  } else {
    const { node } = unit as NodeUnit;
    kernels[node.op.name as OpName](assembly, node);
  }
}

const nameOf = (unit: Unit) => (unit.kind === 'node' ? (unit as NodeUnit).node.op.name : unit.kind);

/** Each constant, and what is made of it once. */
const bytesOfConstants = ({ constants, preparations }: Assembly) =>
  [...constants.map(({ stored }) => stored), ...preparations.map(([, to]) => to)].reduce(
    (bytes, { stretch }) => bytes + 64 * Math.ceil(stretch.bytes / 64),
    64,
  );

function placesIn(
  library: Library,
  { state, constants, arena }: { state: FixedMemory; constants: FixedMemory; arena: Arena },
  offsets: ReadonlyMap<Stored['stretch'], number>,
): Places & { ofState(): Memory[] } {
  const memories = new Map<Stored, Memory>();
  const addressOf = ({ stretch, offset = 0 }: Stored) => {
    if (!stretch.isFixed) return arena.at((offsets.get(stretch) as number) + offset);
    const begin = (state.has(stretch) ? state : constants).address(stretch);
    return begin.arena.at(begin.offset + offset);
  };
  const lengthOf = ({ layout }: Stored) => layout.dims.reduce((product, extent) => product * extent, 1);
  return {
    ofState: () => [...memories].filter(([{ stretch }]) => state.has(stretch)).map(([, memory]) => memory),
    memory: (stored) => {
      const known = memories.get(stored);
      if (known) return known;
      const made = library.memory(stored.layout, addressOf(stored));
      memories.set(stored, made);
      return made;
    },
    isSame: (one, other) => {
      const [a, b] = [addressOf(one), addressOf(other)];
      return a.arena === b.arena && a.offset === b.offset;
    },
    floats: (stored) => {
      const { arena: owner, offset } = addressOf(stored);
      return owner.float32(offset, lengthOf(stored));
    },
    doubles: (stored) => {
      const { arena: owner, offset } = addressOf(stored);
      return owner.float64(offset, lengthOf(stored) / 2);
    },
  };
}

function prepare(assembly: Assembly, places: Places, from: Stored, to: Stored): void {
  const primitive = assembly.library.create({ kind: 'reorder', src: from.layout, dst: to.layout });
  const call = assembly.library.call(primitive, [
    ['src', places.memory(from)],
    ['dst', places.memory(to)],
  ]);
  call.run();
  primitive.destroy();
}
