/** Whether a oneDNN can be trusted: found out once for each file, by computing with it in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { cacheFolder, writeFileAtomic } from '../../../checkpoint/index.ts';
import type { FoundLibrary } from '../library/index.ts';

/** What trying a library showed. */
export type ProbeAnswer =
  | {
      readonly usable: true;
      /** Convolutions in bfloat16 are fast here. */
      readonly bfloat16: boolean;
    }
  | { readonly usable: false; readonly problem: string };

export interface ProbeOptions {
  /** After this time without an answer the library is not usable. */
  readonly seconds?: number;
}

/** Changed when the checks do, so that old answers are not believed. */
const edition = 1;

/**
 * Tries a library: small primitives of every kind against plain loops. The answer is kept in the cache folder (SKEIN_CACHE, or the
 * system's) for this file, this processor and this Node. Never throws.
 */
export async function probe(library: FoundLibrary, options: ProbeOptions = {}): Promise<ProbeAnswer> {
  const entry = await cacheEntry(library.path).catch(() => undefined);
  const known = entry && (await readAnswer(entry));
  if (known) return known;
  const { answer, lasting } = await ask(library.path, options.seconds ?? 20);
  if (entry && lasting) await keep(entry, answer).catch(() => {});
  return answer;
}

/** Where the answer for a library is kept. */
async function cacheEntry(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const here = [process.platform, process.arch, process.version, cpus()[0]?.model, await processorFlags()];
  const { DNNL_MAX_CPU_ISA, ONEDNN_MAX_CPU_ISA } = process.env;
  const about = [hash.digest('hex'), ...here, DNNL_MAX_CPU_ISA, ONEDNN_MAX_CPU_ISA, edition];
  const name = createHash('sha256').update(about.join('\n')).digest('hex').slice(0, 32);
  return join(cacheFolder(), `onednn-${name}.json`);
}

/** What Linux says that the processor can do: its name alone may stand for several kinds. */
async function processorFlags(): Promise<string | undefined> {
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return /^flags\s*:.*$/m.exec(text)?.[0];
}

async function readAnswer(entry: string): Promise<ProbeAnswer | undefined> {
  try {
    return asAnswer(JSON.parse(await readFile(entry, 'utf8')));
  } catch {
    return undefined;
  }
}

async function keep(entry: string, answer: ProbeAnswer): Promise<void> {
  await mkdir(join(entry, '..'), { recursive: true });
  await writeFileAtomic(entry, `${JSON.stringify(answer)}\n`);
}

/** Undefined for what is no answer, such as a damaged cache entry. */
function asAnswer(value: unknown): ProbeAnswer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { usable, bfloat16, problem } = value as Record<string, unknown>;
  if (usable === true && typeof bfloat16 === 'boolean') return { usable, bfloat16 };
  if (usable === false && typeof problem === 'string') return { usable, problem };
  return undefined;
}

interface Outcome {
  readonly answer: ProbeAnswer;
  /** It came from the checks themselves; a crash or a delay may have come from the machine, and is tried again. */
  readonly lasting: boolean;
}

/** Runs the checks in a child process. */
function ask(path: string, seconds: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const fromSource = import.meta.url.endsWith('.ts');
    const child: ChildProcess = fork(
      fileURLToPath(new URL(fromSource ? './probe-child.ts' : './probe-child.js', import.meta.url)),
      {
        execArgv: fromSource ? ['--import', import.meta.resolve('tsx')] : [],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        env: { ...process.env, SKEIN_ONEDNN_LIB: path },
      },
    );
    let said: ProbeAnswer | undefined;
    const unusable = (problem: string) => resolve({ answer: { usable: false, problem }, lasting: false });
    const timer = setTimeout(() => {
      unusable(`it did not finish a few small primitives in ${seconds} seconds`);
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.on('message', (message) => {
      said = asAnswer(message);
    });
    child.on('error', (error) => unusable(`the process to try it could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (!said) unusable(`the process that tried it ended (${signal ?? `exit code ${code}`})`);
      // an answer followed by a crash: a library that cannot even be left in peace
      else if (code !== 0) unusable(`the process that tried it ended badly (${signal ?? `exit code ${code}`})`);
      else resolve({ answer: said, lasting: true });
    });
  });
}
