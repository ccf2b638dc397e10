/**
 * How `skein train --ranks` asks the ranks that it started to stop, and hears that they did: a launcher hands its input to rank 0, and signals
 * as it likes.
 */
import { writeFileSync } from 'node:fs';
import { launched } from '../mpi/index.ts';

export const stopWord = 'stop';
/** Names the file by which a rank tells that it stopped as it was asked. */
export const stoppedFileVariable = 'SKEIN_STOPPED_FILE';

/** Whether this process is a rank that such a command started. */
export const isLaunched = (): boolean => process.env[stoppedFileVariable] !== undefined;

/** Tells whoever started this rank that it stopped as it was asked, and whether all did. @returns the command's exit code */
export function reportStopped(byAll: boolean): number {
  const file = process.env[stoppedFileVariable];
  if (file === undefined) return 130;
  try {
    writeFileSync(file, '');
  } catch {
    // ranks on other machines have no such folder, and rank 0 tells
  }
  // a launcher takes any other code than 0 for a failure, and ends those that still wait for this rank
  return byAll ? 0 : 130;
}

/** Hears of the word, and of the end of whoever would say it. @returns what ends the listening */
export function onStopWord(stop: () => void): () => void {
  if (!isLaunched()) return () => {};
  const { stdin } = process;
  const heard = (text: Buffer) => {
    if (String(text).includes(stopWord)) stop();
  };
  stdin.on('data', heard).on('error', () => {});
  // only rank 0 has the input of whoever started the job
  if (launched()?.rank === 0) stdin.on('end', stop);
  // an earlier listener's end has stopped it
  stdin.resume();
  // ranks other than 0 are given a file without content
  if ('unref' in stdin) stdin.unref();
  return () => {
    stdin.off('data', heard).off('end', stop);
    stdin.pause();
  };
}
