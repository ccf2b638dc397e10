/** From a program to instructions with places in memory. */
import type { Program, Value } from '../../../ir/index.ts';
import type { Arena, Library, Memory } from '../library/index.ts';
import { type Placement, place, type Stretch } from '../planning/place.ts';
import type { Assembly } from './assembly.ts';
import type { Bucket } from './buckets.ts';
import { FixedMemory } from './fixed-memory.ts';
import type { Host } from './host.ts';
import { type RecordedProgram, recordProgram } from './record-program.ts';
import type { Places, Stored } from './stored.ts';

/** A program that is ready to run. */
export interface CompiledProgram {
  readonly inputs: ReadonlyMap<string, Float32Array>;
  readonly outputs: ReadonlyMap<string, { readonly value: Value; readonly data: Float32Array }>;
  /** What each run does before the state changes; then the guard is looked at. */
  readonly steps: readonly Step[];
  readonly guard: Float32Array | undefined;
  readonly updates: readonly Step[];
  /** What can be reduced over ranks while the steps run. */
  readonly buckets: readonly Bucket[];
  /** The same on all ranks whose buckets are; 0 where there are none. */
  readonly digest: number;
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
  const recorded = recordProgram(host, program);
  const { assembly, inputs, outputs, guard, split, buckets } = recorded;
  const { offsets, bytes } = placeRecorded(recorded);
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
    buckets: buckets.closed,
    digest: buckets.digest(),
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

/** Inputs are there from the start; with outputs and guard they stay until the end. */
export function placeRecorded({ assembly, inputs, outputs, guard }: RecordedProgram): Placement {
  const given = [...inputs.values()];
  const kept = [...given, ...outputs.map(([, , stored]) => stored), ...(guard ? [guard] : [])];
  return place(assembly.instructions, kept, given);
}

/** Each constant, and what is made of it once. */
const bytesOfConstants = ({ constants, preparations }: Assembly) =>
  [...constants.map(({ stored }) => stored), ...preparations.map(([, to]) => to)].reduce(
    (bytes, { stretch }) => bytes + 64 * Math.ceil(stretch.bytes / 64),
    64,
  );

function placesIn(
  library: Library,
  { state, constants, arena }: { state: FixedMemory; constants: FixedMemory; arena: Arena },
  offsets: ReadonlyMap<Stretch, number>,
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
