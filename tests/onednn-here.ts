/** This machine's oneDNN, for tests; undefined where it has none. One that computes wrong numbers is an error, and no reason to skip. */
import { probe } from '../src/engines/onednn/conformance/probe.ts';
import { isUnusable, type TriedLibrary } from '../src/engines/onednn/conformance/probe-answer.ts';
import { isMissing } from '../src/engines/onednn/library/index.ts';

async function tried(): Promise<TriedLibrary | undefined> {
  // other tests run beside this one
  const answer = await probe({ seconds: 60 });
  if (isUnusable(answer)) throw new Error(answer.problem);
  if (!isMissing(answer)) return answer;
  console.warn(`tests of the engine onednn are skipped: ${answer.problem}; ${answer.remedy}`);
  return undefined;
}

export const oneDnnHere: TriedLibrary | undefined = await tried();
