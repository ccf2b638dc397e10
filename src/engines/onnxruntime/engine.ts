/** ONNX Runtime as an engine: each program becomes one ONNX graph, run as an ordinary session in a process of its own. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type { Program } from '../../ir/index.ts';
import { EngineError } from '../../tensor/index.ts';
import { expectFloat32, stateTypes } from '../check.ts';
import type { CompileOptions, Engine, Executable } from '../engine.ts';
import { RemoteExecutable } from '../process/executable.ts';
import { Remote } from '../process/remote.ts';
import { blockSize } from './block-size.ts';
import { type EntryModel, entryModel } from './entry-model.ts';
import type { Lowering } from './lower-program.ts';

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

/** Whether the package is there; whether it works shows when it is run. */
export function isInstalled(): boolean {
  try {
    import.meta.resolve('onnxruntime-node');
    return true;
  } catch {
    return false;
  }
}

const packageVersion = (): string =>
  (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version;

async function compile(
  name: string,
  programs: Readonly<Record<string, Program>>,
  options: CompileOptions = {},
  lowering: (remote: Remote<EntryModel>) => Promise<Lowering>,
): Promise<Executable> {
  const threads = options.threads ?? availableParallelism();
  expectFloat32(name, options);
  stateTypes(programs);
  const remote = startRemote(name);
  try {
    const chosen = await lowering(remote);
    const entries = Object.fromEntries(
      Object.entries(programs).map(([entry, program]) => [entry, entryModel(program, chosen)]),
    );
    await remote.ask({ kind: 'compile', entries, threads, precision: 'float32' });
  } catch (error) {
    await remote.stop();
    throw error;
  }
  return new RemoteExecutable({ engine: name, threads, precision: 'float32' }, programs, remote);
}

let probed: Promise<number> | undefined;

/** Found out by this process's first engine. */
function knownBlockSize(remote: Remote<EntryModel>): Promise<number> {
  probed ??= blockSize({
    isAlive: () => remote.isAlive,
    compile: (entries) => remote.ask({ kind: 'compile', entries, threads: 1, precision: 'float32' }),
    run: async (entry, inputs) => (await remote.ask({ kind: 'run', entry, inputs })).tensors ?? new Map(),
  }).catch((error: unknown) => {
    probed = undefined;
    throw error;
  });
  return probed;
}

/** The engine's process. */
export const startRemote = (engine: string) =>
  new Remote<EntryModel>({ engine, module: './child', from: import.meta.url, explain });

function explain(message: string): EngineError | undefined {
  if (!message.includes("Cannot find package 'onnxruntime-node'") && !message.includes('Cannot find module'))
    return undefined;
  return new EngineError(
    'onnxruntime: the package onnxruntime-node is not installed',
    'run `ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node`',
  );
}
