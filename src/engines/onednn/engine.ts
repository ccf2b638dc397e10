/** oneDNN as an engine: each program becomes a list of primitives over one arena, run in a process of its own. */
import { availableParallelism } from 'node:os';
import { type ProgramData, programToData } from '../../ir/index.ts';
import { EngineError } from '../../tensor/index.ts';
import { stateTypes } from '../check.ts';
import type { CompileOptions, Engine, KeptEngine } from '../engine.ts';
import { RemoteExecutable } from '../process/executable.ts';
import { KeptProcesses, type Lease, oneEach, type Processes } from '../process/processes.ts';
import { RankProcess } from '../process/rank-process.ts';
import type { RemoteOptions } from '../process/remote.ts';
import { remedyFor } from './conformance/hidden-caches.ts';
import { probe } from './conformance/probe.ts';
import { isUnusable, type TriedLibrary } from './conformance/probe-answer.ts';
import { isMissing, type MissingLibrary } from './library/index.ts';

const on = (processes: Processes<ProgramData>): Engine => ({
  name: 'onednn',
  facts: async () => {
    const { version, path, bfloat16, bfloat16Problem } = await usableLibrary();
    return { version, path, bfloat16, ...(bfloat16Problem !== undefined && { bfloat16Problem }) };
  },
  matrixPeak: async (options = {}) => {
    const settled = settle(options);
    const held = await start(oneEach, settled);
    try {
      const { operationsPerSecond } = await held.ask({ kind: 'matrixPeak', ...settled });
      return operationsPerSecond as number;
    } finally {
      await held.release();
    }
  },
  compile: async (programs, options = {}) => {
    const { threads, precision } = settle(options);
    stateTypes(programs);
    const held = await start(processes, { threads, precision });
    try {
      const entries = Object.fromEntries(
        Object.entries(programs).map(([entry, program]) => [entry, programToData(program)]),
      );
      await held.ask({ kind: 'compile', entries, threads, precision });
    } catch (error) {
      await held.stop();
      throw error;
    }
    return new RemoteExecutable({ engine: 'onednn', threads, precision }, programs, held, { profiles: true });
  },
});

/** Trains and predicts in float32 where the system has oneDNN (libdnnl). */
export const onednn: Engine = {
  ...on(oneEach),
  keeping: (): KeptEngine => {
    const processes = new KeptProcesses<ProgramData>();
    return { ...on(processes), dispose: () => processes.dispose() };
  },
  inRanks: async (ranks, options = {}) => {
    const process = RankProcess.of(ranks);
    await process.become({ ...(await processOptions(settle(options))), host: './process-host' });
    return on(process);
  },
};

/** All cores, or as many threads as the environment lets OpenMP have. */
function usualThreads(): number {
  const limit = Number(process.env.OMP_THREAD_LIMIT);
  return limit >= 1 ? Math.min(availableParallelism(), Math.floor(limit)) : availableParallelism();
}

const settle = ({ threads = usualThreads(), precision = 'float32' }: CompileOptions) => ({
  threads,
  precision,
});

/** The engine's process. @throws EngineError where it cannot be had in this precision */
const start = async (
  processes: Processes<ProgramData>,
  options: Required<CompileOptions>,
): Promise<Lease<ProgramData>> => processes.take(await processOptions(options));

async function processOptions({ threads, precision }: Required<CompileOptions>): Promise<RemoteOptions> {
  const { path, bfloat16, bfloat16Problem } = await usableLibrary();
  if (precision === 'bf16' && !bfloat16) {
    const none = 'this processor has no bfloat16, or the library does not use it';
    const problem = bfloat16Problem === undefined ? none : `bf16 cannot be used: ${bfloat16Problem}`;
    throw new EngineError(`onednn: ${problem}`, 'leave --precision out: float32 works everywhere');
  }
  return {
    engine: 'onednn',
    module: './child',
    from: import.meta.url,
    // where OpenMP cannot be reached, these must do
    environment: { OMP_NUM_THREADS: String(threads), OMP_DYNAMIC: 'false', SKEIN_ONEDNN_LIB: path },
  };
}

/** Found, and tried in a process of its own. @throws EngineError where there is none, or it computes something else than it should */
async function usableLibrary(): Promise<TriedLibrary> {
  const found = await triedLibrary();
  if (isMissing(found)) throw new EngineError(`onednn: ${found.problem}`, found.remedy);
  return found;
}

/** @throws EngineError where what is there cannot be used */
export async function triedLibrary(): Promise<TriedLibrary | MissingLibrary> {
  const answer = await probe();
  if (!isUnusable(answer)) return answer;
  throw new EngineError(`onednn: ${answer.problem}`, answer.hint ?? remedyFor(answer.problem));
}
