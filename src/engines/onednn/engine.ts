/** oneDNN as an engine: each program becomes a list of primitives over one arena, run in a process of its own. */
import { availableParallelism } from 'node:os';
import { type ProgramData, programToData } from '../../ir/index.ts';
import { EngineError } from '../../tensor/index.ts';
import { stateTypes } from '../check.ts';
import type { CompileOptions, Engine } from '../engine.ts';
import { RemoteExecutable } from '../process/executable.ts';
import { Remote } from '../process/remote.ts';
import { remedyFor } from './conformance/hidden-caches.ts';
import { probe } from './conformance/probe.ts';
import { isUnusable, type TriedLibrary } from './conformance/probe-answer.ts';
import { isMissing, type MissingLibrary } from './library/index.ts';

/** Trains and predicts in float32 where the system has oneDNN (libdnnl). */
export const onednn: Engine = {
  name: 'onednn',
  facts: async () => {
    const { version, path, bfloat16, bfloat16Problem } = await usableLibrary();
    return { version, path, bfloat16, ...(bfloat16Problem !== undefined && { bfloat16Problem }) };
  },
  matrixPeak: async (options = {}) => {
    const settled = settle(options);
    const remote = await start(settled);
    try {
      const { operationsPerSecond } = await remote.ask({ kind: 'matrixPeak', ...settled });
      return operationsPerSecond as number;
    } finally {
      await remote.stop();
    }
  },
  compile: async (programs, options = {}) => {
    const { threads, precision } = settle(options);
    stateTypes(programs);
    const remote = await start({ threads, precision });
    try {
      const entries = Object.fromEntries(
        Object.entries(programs).map(([entry, program]) => [entry, programToData(program)]),
      );
      await remote.ask({ kind: 'compile', entries, threads, precision });
    } catch (error) {
      await remote.stop();
      throw error;
    }
    return new RemoteExecutable({ engine: 'onednn', threads, precision }, programs, remote, { profiles: true });
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
async function start({ threads, precision }: Required<CompileOptions>): Promise<Remote<ProgramData>> {
  const { path, bfloat16, bfloat16Problem } = await usableLibrary();
  if (precision === 'bf16' && !bfloat16) {
    const none = 'this processor has no bfloat16, or the library does not use it';
    const problem = bfloat16Problem === undefined ? none : `bf16 cannot be used: ${bfloat16Problem}`;
    throw new EngineError(`onednn: ${problem}`, 'leave --precision out: float32 works everywhere');
  }
  return new Remote<ProgramData>({
    engine: 'onednn',
    module: './child',
    from: import.meta.url,
    // where OpenMP cannot be reached, these must do
    environment: { OMP_NUM_THREADS: String(threads), OMP_DYNAMIC: 'false', SKEIN_ONEDNN_LIB: path },
  });
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
