/** A process in tests: what it printed, and how it ended. */
import type { ChildProcess } from 'node:child_process';
import type { Ended } from './run-skein.ts';

/** @param onOutput called with all that was printed so far, each time */
export async function ended(child: ChildProcess, onOutput?: (said: string) => void): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (text: Buffer) => {
    stdout += String(text);
    onOutput?.(stdout);
  });
  child.stderr?.on('data', (text: Buffer) => (stderr += String(text)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
