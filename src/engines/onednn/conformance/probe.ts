/** Whether a oneDNN can be trusted: found out once for each file, by computing with it in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadNative, missingKoffi, namedLibrary } from '../library/index.ts';
import { asAnswer, type ProbeAnswer } from './probe-answer.ts';
import { keepAnswer, readAnswer } from './probe-cache.ts';
import { inTurn } from './probe-turn.ts';

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
  // each of several libraries may take its whole time
  return inTurn(3 * seconds, readAnswer, async () => {
    const answer = await askOneByOne(seconds);
    await keepAnswer(answer).catch(() => {});
    return answer;
  });
}

/** The newest that can be used; where none can, what is wrong with the newest. */
async function askOneByOne(seconds: number): Promise<ProbeAnswer> {
  const passedOver: string[] = [];
  let first: ProbeAnswer | undefined;
  for (;;) {
    const { answer, tried } = await ask(seconds, passedOver);
    if (first && !('version' in answer)) return first;
    first ??= answer;
    if ('version' in answer || tried === undefined || namedLibrary() !== undefined) return answer;
    passedOver.push(tried);
  }
}

interface Asked {
  readonly answer: ProbeAnswer;
  /** The last file that was loaded. */
  readonly tried: string | undefined;
}

/** Without what may limit OpenMP here: the library is asked, not the environment. */
function environment(): NodeJS.ProcessEnv {
  const { OMP_THREAD_LIMIT: _, OMP_NUM_THREADS: __, OMP_DYNAMIC: ___, ...rest } = process.env;
  return rest;
}

/** Runs the checks in a child process. */
function ask(seconds: number, passedOver: readonly string[]): Promise<Asked> {
  return new Promise((resolve) => {
    const fromSource = import.meta.url.endsWith('.ts');
    const child: ChildProcess = fork(
      fileURLToPath(new URL(fromSource ? './probe-child.ts' : './probe-child.js', import.meta.url)),
      passedOver,
      {
        execArgv: fromSource ? ['--import', import.meta.resolve('tsx')] : [],
        // a session of its own: Ctrl-C in the terminal says nothing about the library
        detached: true,
        env: environment(),
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      },
    );
    let said: ProbeAnswer | undefined;
    let tried: string | undefined;
    let doing = '';
    // a crash or a delay may have come from the machine: without a path it is not kept, and tried again
    const unusable = (problem: string) =>
      resolve({ answer: { problem: `${tried ?? 'oneDNN'} cannot be used: ${problem}` }, tried });
    const timer = setTimeout(() => {
      const last = doing && `; it had come to ${doing}`;
      unusable(`it did not finish a few small primitives and networks in ${seconds} seconds${last}`);
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.on('message', (message) => {
      const { trying, at } = message as { trying?: string; at?: string };
      if (trying !== undefined) tried = trying;
      else if (at !== undefined) doing = at;
      else said = asAnswer(message);
    });
    child.on('error', (error) => unusable(`the process to try it could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (!said) unusable(`${doing && `${doing}: `}the process that tried it ended (${signal ?? `exit code ${code}`})`);
      // an answer followed by a crash: a library that cannot even be left in peace
      else if (code !== 0) unusable(`the process that tried it ended badly (${signal ?? `exit code ${code}`})`);
      else resolve({ answer: said, tried });
    });
  });
}
