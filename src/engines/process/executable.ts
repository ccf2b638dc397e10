/** Compiled programs that live in a process of their own. */
import type { Program, TensorType } from '../../ir/index.ts';
import { bytesPerElement, EngineError, sizeOf, type Tensor } from '../../tensor/index.ts';
import { expectTensors, inputTypes, stateTypes } from '../check.ts';
import type { EnginePlan, Executable, InstructionTime, ReducedEntries } from '../engine.ts';
import { RunOutputs } from '../run-outputs.ts';
import type { Lease } from './processes.ts';

interface RemoteExecutableOptions {
  /** Whether the process answers to `profile`; default false. */
  readonly profiles?: boolean;
}

/** Checks what goes in, and asks the process for the rest. */
export class RemoteExecutable<Entry> implements Executable {
  readonly #about: Omit<EnginePlan, 'peakBytes'>;
  readonly #inputs: ReadonlyMap<string, ReadonlyMap<string, TensorType>>;
  readonly #types: ReadonlyMap<string, TensorType>;
  readonly #process: Lease<Entry>;
  readonly profile?: NonNullable<Executable['profile']>;
  #loaded = false;

  /** `held` has compiled `programs`, and is this executable's own from now on. */
  constructor(
    about: Omit<EnginePlan, 'peakBytes'>,
    programs: Readonly<Record<string, Program>>,
    held: Lease<Entry>,
    { profiles = false }: RemoteExecutableOptions = {},
  ) {
    this.#about = about;
    this.#inputs = new Map(Object.entries(programs).map(([entry, program]) => [entry, inputTypes(program)]));
    this.#types = stateTypes(programs);
    this.#process = held;
    if (profiles) this.profile = (entry, inputs) => this.#profile(entry, inputs);
  }

  async load(state: ReadonlyMap<string, Tensor>): Promise<void> {
    expectTensors('load', this.#types, state);
    const parts = inParts([...state], ([, { data }]) => data.byteLength);
    await Promise.all(parts.map((part) => this.#process.ask({ kind: 'load', state: new Map(part) })));
    this.#loaded = true;
  }

  async run(entry: string, inputs: ReadonlyMap<string, Tensor>): Promise<RunOutputs> {
    this.#expectRunnable('run', entry, inputs);
    const { tensors = new Map<string, Tensor>(), kept = true } = await this.#process.ask({
      kind: 'run',
      entry,
      inputs,
    });
    return new RunOutputs(tensors, kept);
  }

  async read(names: readonly string[] = [...this.#types.keys()]): Promise<Map<string, Tensor>> {
    const unknown = names.find((name) => !this.#types.has(name));
    if (unknown !== undefined) throw new EngineError(`read: no state entry \`${unknown}\``);
    this.#expectLoaded('read');
    const parts = inParts(names, (name) => bytesOf(this.#types.get(name) as TensorType));
    const replies = await Promise.all(parts.map((part) => this.#process.ask({ kind: 'read', names: part })));
    return new Map(replies.flatMap(({ tensors = new Map<string, Tensor>() }) => [...tensors]));
  }

  async reduce({ sums, means }: ReducedEntries, numbers: Float64Array): Promise<Float64Array> {
    this.#expectLoaded('reduce');
    const reply = await this.#process.ask({ kind: 'reduce', sums, means, numbers });
    return reply.numbers as Float64Array;
  }

  async plan(): Promise<EnginePlan> {
    const { peakBytes = 0 } = await this.#process.ask({ kind: 'peak' });
    return { ...this.#about, peakBytes };
  }

  async dispose(): Promise<void> {
    await this.#process.release();
  }

  async #profile(entry: string, inputs: ReadonlyMap<string, Tensor>): Promise<readonly InstructionTime[]> {
    this.#expectRunnable('profile', entry, inputs);
    const { instructions = [] } = await this.#process.ask({ kind: 'profile', entry, inputs });
    return instructions;
  }

  #expectRunnable(what: string, entry: string, inputs: ReadonlyMap<string, Tensor>): void {
    const expected = this.#inputs.get(entry);
    if (!expected)
      throw new EngineError(`${what}: no entry point \`${entry}\`; there are ${[...this.#inputs.keys()].join(', ')}`);
    this.#expectLoaded(`${what} ${entry}`);
    expectTensors(`${what} ${entry}`, expected, inputs);
  }

  #expectLoaded(what: string): void {
    if (!this.#loaded && this.#types.size > 0) throw new EngineError(`${what}: load() the state first`);
  }
}

const bytesOf = ({ dtype, shape }: TensorType): number => sizeOf(shape) * bytesPerElement[dtype];

/** What travels at a time, unless one item alone is larger: the file on the way need not hold a whole state. */
const partBytes = 32 * 1024 * 1024;

/** The items in their order, one part at least. */
export function inParts<Item>(items: readonly Item[], size: (item: Item) => number, limit = partBytes): Item[][] {
  const parts: Item[][] = [[]];
  let filled = 0;
  for (const item of items) {
    const bytes = size(item);
    if (filled > 0 && filled + bytes > limit) {
      parts.push([]);
      filled = 0;
    }
    parts.at(-1)?.push(item);
    filled += bytes;
  }
  return parts;
}
