/**
 * This machine's oneDNN, for tests; undefined where it has none, or only builds without OpenMP, or where SKEIN_ONEDNN_LIB hides it. One that
 * crashes or computes wrong numbers, also in bfloat16, is an error, and no reason to skip, but for version 3 where the machine hides its caches.
 * With SKEIN_TESTS_NEED=onednn there must be one.
 */
import { hidesCaches } from '../src/engines/onednn/conformance/hidden-caches.ts';
import { probe } from '../src/engines/onednn/conformance/probe.ts';
import { isUnusable, type TriedLibrary } from '../src/engines/onednn/conformance/probe-answer.ts';
import { isMissing } from '../src/engines/onednn/library/index.ts';

const isAbsence = /^(expected a build with OpenMP|SKEIN_ONEDNN_LIB does not name)/;

async function tried(): Promise<TriedLibrary | undefined> {
  // other tests run beside this one
  const answer = await probe({ seconds: 60 });
  const isKnown = hidesCaches() && 'path' in answer && answer.path?.includes('libdnnl.so.3') === true;
  if (isUnusable(answer) && !isKnown && !isAbsence.test(answer.problem)) throw new Error(answer.problem);
  if ('version' in answer) {
    if (answer.bfloat16Problem !== undefined) throw new Error(`${answer.path}: bf16: ${answer.bfloat16Problem}`);
    return answer;
  }
  const next = isMissing(answer) ? answer.remedy : answer.hint;
  if (process.env.SKEIN_TESTS_NEED === 'onednn') throw new Error(`${answer.problem}; ${next}`);
  console.warn(`tests of the engine onednn are skipped: ${answer.problem}; ${next}`);
  return undefined;
}

export const oneDnnHere: TriedLibrary | undefined = await tried();
