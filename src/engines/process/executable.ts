/** Compiled programs that live in a process of their own. */
import type { Program, TensorType } from '../../ir/index.ts';
import { EngineError, type Tensor } from '../../tensor/index.ts';
import { expectTensors, inputTypes, stateTypes } from '../check.ts';
import type { EnginePlan, Executable } from '../engine.ts';
import type { Remote } from './remote.ts';

/** Checks what goes in, and asks the process for the rest. */
export class RemoteExecutable<Entry> implements Executable {
  readonly #about: Omit<EnginePlan, 'peakBytes'>;
  readonly #inputs: ReadonlyMap<string, ReadonlyMap<string, TensorType>>;
  readonly #types: ReadonlyMap<string, TensorType>;
  readonly #remote: Remote<Entry>;
  #loaded = false;

  /** `remote` has compiled `programs`, and is this executable's own from now on. */
  constructor(
    about: Omit<EnginePlan, 'peakBytes'>,
    programs: Readonly<Record<string, Program>>,
    remote: Remote<Entry>,
  ) {
    this.#about = about;
    this.#inputs = new Map(Object.entries(programs).map(([entry, program]) => [entry, inputTypes(program)]));
    this.#types = stateTypes(programs);
    this.#remote = remote;
  }

  async load(state: ReadonlyMap<string, Tensor>): Promise<void> {
    expectTensors('load', this.#types, state);
    await this.#remote.ask({ kind: 'load', state });
    this.#loaded = true;
  }

  async run(entry: string, inputs: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>> {
    const expected = this.#inputs.get(entry);
    if (!expected)
      throw new EngineError(`run: no entry point \`${entry}\`; there are ${[...this.#inputs.keys()].join(', ')}`);
    if (!this.#loaded && this.#types.size > 0) throw new EngineError(`run ${entry}: load() the state first`);
    expectTensors(`run ${entry}`, expected, inputs);
    const { tensors } = await this.#remote.ask({ kind: 'run', entry, inputs });
    return new Map(tensors);
  }

  async read(names?: readonly string[]): Promise<Map<string, Tensor>> {
    const unknown = names?.find((name) => !this.#types.has(name));
    if (unknown !== undefined) throw new EngineError(`read: no state entry \`${unknown}\``);
    const { tensors } = await this.#remote.ask({ kind: 'read', names });
    return new Map(tensors);
  }

  async plan(): Promise<EnginePlan> {
    const { peakBytes = 0 } = await this.#remote.ask({ kind: 'peak' });
    return { ...this.#about, peakBytes };
  }

  async dispose(): Promise<void> {
    await this.#remote.stop();
  }
}
