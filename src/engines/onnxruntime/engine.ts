/** ONNX Runtime as an engine: each program becomes one ONNX graph, run as an ordinary session in a process of its own. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type { Program } from '../../ir/index.ts';
import { EngineError } from '../../tensor/index.ts';
import { expectFloat32, stateTypes } from '../check.ts';
import type { CompileOptions, Engine, Executable, KeptEngine } from '../engine.ts';
import { RemoteExecutable } from '../process/executable.ts';
import { KeptProcesses, type Lease, oneEach, type Processes } from '../process/processes.ts';
import { RankProcess } from '../process/rank-process.ts';
import { Remote, type RemoteOptions } from '../process/remote.ts';
import { blockSize } from './block-size.ts';
import { type EntryModel, entryModel } from './entry-model.ts';
import type { Lowering } from './lower-program.ts';

/** Trains and predicts in float32 wherever the package onnxruntime-node runs. */
export const onnxruntime: Engine = engineOf({
  name: 'onnxruntime',
  lowering: async (held) => ({ block: await knownBlockSize(held) }),
  facts: async () => ({ version: packageVersion(), ...(probed && { blockSize: await probed }) }),
});

/** The same with standard operators alone and no optimisation: bit for bit what a training step in a file gives; slower. */
export const portableOnnxruntime: Engine = engineOf({
  name: 'onnxruntime-portable',
  lowering: async () => 'portable',
  facts: async () => ({ version: packageVersion() }),
});

interface Kind extends Required<Pick<Engine, 'name' | 'facts'>> {
  lowering(held: Lease<EntryModel>): Promise<Lowering>;
}

function engineOf(kind: Kind): Engine {
  const { name, facts } = kind;
  const on = (processes: Processes<EntryModel>): Engine => ({
    name,
    facts,
    compile: (programs, options) => compile(kind, processes, programs, options),
  });
  const keeping = (): KeptEngine => {
    const processes = new KeptProcesses<EntryModel>();
    return { ...on(processes), dispose: () => processes.dispose() };
  };
  const inRanks: Engine['inRanks'] = async (ranks) => {
    const process = RankProcess.of(ranks);
    await process.become({ ...remoteOptions(name), host: './process-host' });
    return on(process);
  };
  return { ...on(oneEach), keeping, inRanks };
}

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
  { name, lowering }: Kind,
  processes: Processes<EntryModel>,
  programs: Readonly<Record<string, Program>>,
  options: CompileOptions = {},
): Promise<Executable> {
  const threads = options.threads ?? availableParallelism();
  expectFloat32(name, options);
  stateTypes(programs);
  const held = processes.take(remoteOptions(name));
  try {
    const chosen = await lowering(held);
    const entries = Object.fromEntries(
      Object.entries(programs).map(([entry, program]) => [entry, entryModel(program, chosen)]),
    );
    await held.ask({ kind: 'compile', entries, threads, precision: 'float32' });
  } catch (error) {
    await held.stop();
    throw error;
  }
  return new RemoteExecutable({ engine: name, threads, precision: 'float32' }, programs, held);
}

let probed: Promise<number> | undefined;

/** Found out by this process's first engine. */
function knownBlockSize(held: Lease<EntryModel>): Promise<number> {
  probed ??= blockSize({
    isAlive: () => held.isAlive,
    compile: (entries) => held.ask({ kind: 'compile', entries, threads: 1, precision: 'float32' }),
    run: async (entry, inputs) => (await held.ask({ kind: 'run', entry, inputs })).tensors ?? new Map(),
  }).catch((error: unknown) => {
    probed = undefined;
    throw error;
  });
  return probed;
}

/** The engine's process. */
export const startRemote = (engine: string) => new Remote<EntryModel>(remoteOptions(engine));

const remoteOptions = (engine: string): RemoteOptions => ({
  engine,
  module: './child',
  from: import.meta.url,
  explain,
});

function explain(message: string): EngineError | undefined {
  if (!message.includes("Cannot find package 'onnxruntime-node'") && !message.includes('Cannot find module'))
    return undefined;
  return new EngineError(
    'onnxruntime: the package onnxruntime-node is not installed',
    'run `ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node`',
  );
}
