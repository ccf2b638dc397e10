/** WEIGHTS on the command line: a path, or a URL or a repository from which they are downloaded once. */
import { type FetchedWeights, fetchWeights, isRemote } from '../hub/index.ts';
import { Bars } from './bars.ts';
import { Interrupted, interruptible } from './interruption.ts';
import type { Output } from './output.ts';
import { bytes, fileSize } from './quantity.ts';

/**
 * The local file that the word means. Says what was downloaded, where it is kept, and under which licence.
 * @throws what `fetchWeights` throws; Interrupted after Ctrl-C, with what has arrived kept
 */
export async function weightsArgument(word: string, output: Output): Promise<string> {
  if (!isRemote(word)) return word;
  const weights = await interruptible(output, (signal) => fetched(word, output, signal));
  const { path, sha256, licence, source, fromCache } = weights;
  output.line(`${output.style('bold', fromCache ? 'cached' : 'downloaded')}  ${source} (${fileSize(weights.bytes)})`);
  output.line(`  file     ${path}`);
  output.line(`  sha256   ${sha256.slice(0, 16)}…`);
  output.line(`  licence  ${licence ?? 'unknown'}`);
  return path;
}

async function fetched(word: string, output: Output, signal: AbortSignal): Promise<FetchedWeights> {
  const bars = new Bars(output, [{ label: 'downloading', done: 0, facts: [] }]);
  try {
    return await fetchWeights(word, {
      signal,
      onNotice: (text) => output.paragraph(text),
      onProgress: (received, total) => {
        const facts = [total === undefined ? bytes(received) : `${bytes(received)} of ${bytes(total)}`];
        bars.set(0, { label: 'downloading', done: total ? received / total : 0, facts });
      },
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    bars.stop();
    output.line('stopped; the next time the download goes on from here');
    throw new Interrupted();
  } finally {
    bars.stop();
  }
}
