/** How `skein train --ranks` asks the ranks that it started to stop: a launcher hands its input to rank 0, and signals as it likes. */
import { launched } from '../mpi/index.ts';

export const stopWord = 'stop';
export const stopWordVariable = 'SKEIN_STOPS_BY_INPUT';

/** Whether this process is a rank that such a command started. */
export const isLaunched = (): boolean => process.env[stopWordVariable] !== undefined;

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
