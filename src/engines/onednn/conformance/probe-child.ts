/** The process in which a library is found and tried: if it crashes or hangs, only this process does. */
import { SkeinError } from '../../../tensor/index.ts';
import { isMissing, openLibrary } from '../library/index.ts';
import type { ProbeAnswer } from './probe-answer.ts';
import { runChecks } from './run-checks.ts';

async function answer(): Promise<ProbeAnswer> {
  try {
    const library = await openLibrary((path) => process.send?.({ trying: path }), process.argv.slice(2));
    return isMissing(library) ? library : await runChecks(library, (at) => process.send?.({ at }));
  } catch (error) {
    // an error of ours is one sentence; any other is a mistake of ours, whose message alone says little
    if (!(error instanceof SkeinError)) return { problem: String(error) };
    return { problem: error.message.replace(/^onednn: /, ''), ...(error.hint && { hint: error.hint }) };
  }
}

// whoever asked is gone
process.on('disconnect', () => process.exit());
process.send?.(await answer(), () => process.exit(0));
