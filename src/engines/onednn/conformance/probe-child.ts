/** The process in which a library is tried: if it crashes or hangs, only this process does. */
import { SkeinError } from '../../../tensor/index.ts';
import { isMissing, openLibrary } from '../library/index.ts';
import type { ProbeAnswer } from './probe.ts';
import { runChecks } from './run-checks.ts';

async function answer(): Promise<ProbeAnswer> {
  try {
    const library = await openLibrary();
    return isMissing(library) ? { usable: false, problem: library.problem } : runChecks(library);
  } catch (error) {
    // an error of ours is one sentence; any other is a mistake of ours, whose message alone says little
    const problem = error instanceof SkeinError ? error.message : String(error);
    return { usable: false, problem };
  }
}

process.send?.(await answer(), () => process.exit(0));
