/** The command in tests, with its output caught. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runSkein } from '../src/cli/program.ts';

// whether published weights can be had is asked of nobody but a closed port, unless a test has a server
process.env.HF_ENDPOINT ??= 'http://127.0.0.1:9';

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** In this process. */
export async function skein(...words: string[]): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const code = await runSkein(words, {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

interface ProcessOptions {
  /** The working folder; default: the test's. */
  readonly cwd?: string;
  onStart?(child: ChildProcess): void;
  /** Called when it has printed something for the first time. */
  onOutput?(child: ChildProcess): void;
  /** Called with what it prints to standard error, each time. */
  onErrorOutput?(child: ChildProcess, text: string): void;
}

/** As a process of its own. */
export function skeinProcess(
  words: readonly string[],
  { cwd, onStart, onOutput, onErrorOutput }: ProcessOptions = {},
): Promise<Ended> {
  const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...words], { cwd });
  onStart?.(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => {
    if (stdout === '') onOutput?.(child);
    stdout += String(text);
  });
  child.stderr.on('data', (text: Buffer) => {
    stderr += String(text);
    onErrorOutput?.(child, String(text));
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}
