/**
 * What the engine's own process does: it owns the library, the compiled programs and the state. It is a process of its own because a run blocks
 * its event loop, and because a fault in native code must not end the caller's process.
 */
import { type ProgramData, programFromData } from '../../ir/index.ts';
import { type Communicator, overlaps } from '../../mpi/index.ts';
import { EngineError } from '../../tensor/index.ts';
import type { Host } from '../process/serve.ts';
import { isMissing, type Library, openLibrary } from './library/index.ts';
import { matrixPeak } from './matrix-peak.ts';
import { Session } from './session.ts';

let library: Library | undefined;
let session: Session | undefined;
let ranks: Communicator | undefined;

async function libraryWith(threads: number): Promise<Library> {
  if (!library) {
    const opened = await openLibrary();
    if (isMissing(opened)) throw new EngineError(opened.problem, opened.remedy);
    library = opened;
  }
  library.setThreads(threads);
  return library;
}

const compiled = () => session as Session;

export const host: Host<ProgramData> = {
  join: (communicator) => {
    ranks = communicator;
  },
  compile: async (entries, { threads, precision }) => {
    session ??= new Session(await libraryWith(threads), precision, ranks, ranks && overlaps(ranks));
    session.compile(new Map(Object.entries(entries).map(([name, data]) => [name, programFromData(data)])));
  },
  sums: () => session?.sums,
  load: (name, shape, fill) => compiled().loadEntry(name, shape, fill),
  run: (entry, inputs) => compiled().run(entry, inputs),
  profile: (entry, inputs) => compiled().profile(entry, inputs),
  matrixPeak: async ({ threads, precision }) => matrixPeak(await libraryWith(threads), precision),
  clear: () => {
    session?.dispose();
    session = undefined;
  },
  read: (names, see) => compiled().show(names, see),
};
