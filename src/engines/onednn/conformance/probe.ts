/** Whether a oneDNN can be trusted: found out once for each file, by computing with it in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadNative, missingKoffi } from '../library/index.ts';
import { asAnswer, type ProbeAnswer } from './probe-answer.ts';
import { keepAnswer, readAnswer } from './probe-cache.ts';

export interface ProbeOptions {
  /** After this time without an answer the library is not usable; default 40: it takes 12 where each core has four programs to run. */
  readonly seconds?: number;
}

/**
 * Finds oneDNN as `openLibrary` does and tries it: small primitives of every kind that kernels use, against plain loops, and training steps
 * and predictions of small networks, against the evaluator. The caller's process never loads it. The answer is kept in the cache folder
 * (SKEIN_CACHE, or the system's) for this file, this processor and this Node.
 */
export async function probe({ seconds = 40 }: ProbeOptions = {}): Promise<ProbeAnswer> {
  if (!(await loadNative())) return missingKoffi;
  const known = await readAnswer();
  if (known) return known;
  const answer = await ask(seconds);
  await keepAnswer(answer).catch(() => {});
  return answer;
}

/** Runs the checks in a child process. */
function ask(seconds: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const fromSource = import.meta.url.endsWith('.ts');
    const child: ChildProcess = fork(
      fileURLToPath(new URL(fromSource ? './probe-child.ts' : './probe-child.js', import.meta.url)),
      {
        execArgv: fromSource ? ['--import', import.meta.resolve('tsx')] : [],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      },
    );
    let said: ProbeAnswer | undefined;
    let [what, doing] = ['oneDNN', ''];
    // a crash or a delay may have come from the machine: without a path it is not kept, and tried again
    const unusable = (problem: string) => resolve({ problem: `${what} cannot be used: ${problem}` });
    const timer = setTimeout(() => {
      const last = doing && `; it had come to ${doing}`;
      unusable(`it did not finish a few small primitives and networks in ${seconds} seconds${last}`);
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.on('message', (message) => {
      const { trying, at } = message as { trying?: string; at?: string };
      if (trying !== undefined) what = trying;
      else if (at !== undefined) doing = at;
      else said = asAnswer(message);
    });
    child.on('error', (error) => unusable(`the process to try it could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (!said) unusable(`${doing && `${doing}: `}the process that tried it ended (${signal ?? `exit code ${code}`})`);
      // an answer followed by a crash: a library that cannot even be left in peace
      else if (code !== 0) unusable(`the process that tried it ended badly (${signal ?? `exit code ${code}`})`);
      else resolve(said);
    });
  });
}
