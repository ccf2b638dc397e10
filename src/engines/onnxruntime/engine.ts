/** ONNX Runtime as an engine: each program becomes one ONNX graph, run as an ordinary session in a process of its own. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type { Program, TensorType } from '../../ir/index.ts';
import { EngineError, type Tensor } from '../../tensor/index.ts';
import { expectTensors, inputTypes, stateTypes } from '../check.ts';
import type { CompileOptions, Engine, Executable } from '../engine.ts';
import { blockSize } from './block-size.ts';
import type { Lowering } from './lower-program.ts';
import { entryModel } from './messages.ts';
import { Remote } from './remote.ts';

/** Trains and predicts in float32 wherever the package onnxruntime-node runs. */
export const onnxruntime: Engine = {
  name: 'onnxruntime',
  compile: (programs, options) =>
    compile('onnxruntime', programs, options, async (remote) => ({ block: await knownBlockSize(remote) })),
  facts: async () => ({ version: packageVersion(), ...(probed && { blockSize: await probed }) }),
};

/** The same with standard operators alone and no optimisation: bit for bit what a training step in a file gives; slower. */
export const portableOnnxruntime: Engine = {
  name: 'onnxruntime-portable',
  compile: (programs, options) => compile('onnxruntime-portable', programs, options, async () => 'portable'),
  facts: async () => ({ version: packageVersion() }),
};

const packageVersion = (): string =>
  (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version;

async function compile(
  name: string,
  programs: Readonly<Record<string, Program>>,
  options: CompileOptions = {},
  lowering: (remote: Remote) => Promise<Lowering>,
): Promise<Executable> {
  const threads = options.threads ?? availableParallelism();
  const types = stateTypes(programs);
  const remote = new Remote();
  try {
    const chosen = await lowering(remote);
    const entries = Object.fromEntries(
      Object.entries(programs).map(([entry, program]) => [entry, entryModel(program, chosen)]),
    );
    await remote.ask({ kind: 'compile', entries, threads });
  } catch (error) {
    await remote.stop();
    throw error;
  }
  return new OrtExecutable(name, programs, types, threads, remote);
}

let probed: Promise<number> | undefined;

/** Found out by this process's first engine. */
function knownBlockSize(remote: Remote): Promise<number> {
  probed ??= blockSize({
    isAlive: () => remote.isAlive,
    compile: (entries) => remote.ask({ kind: 'compile', entries, threads: 1 }),
    run: async (entry, inputs) => (await remote.ask({ kind: 'run', entry, inputs })).tensors ?? new Map(),
  }).catch((error: unknown) => {
    probed = undefined;
    throw error;
  });
  return probed;
}

class OrtExecutable implements Executable {
  readonly #name: string;
  readonly #inputs: ReadonlyMap<string, ReadonlyMap<string, TensorType>>;
  readonly #types: ReadonlyMap<string, TensorType>;
  readonly #threads: number;
  readonly #remote: Remote;
  #loaded = false;

  constructor(
    name: string,
    programs: Readonly<Record<string, Program>>,
    types: ReadonlyMap<string, TensorType>,
    threads: number,
    remote: Remote,
  ) {
    this.#inputs = new Map(Object.entries(programs).map(([entry, program]) => [entry, inputTypes(program)]));
    this.#name = name;
    this.#types = types;
    this.#threads = threads;
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

  async plan() {
    const { peakBytes = 0 } = await this.#remote.ask({ kind: 'peak' });
    return { engine: this.#name, threads: this.#threads, precision: 'float32' as const, peakBytes };
  }

  async dispose(): Promise<void> {
    await this.#remote.stop();
  }
}
