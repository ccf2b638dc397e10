/** WEIGHTS on the command line: a path, or a URL, a repository or `imagenet`, from which they are downloaded once. */
import type { Network } from '../nn/index.ts';
import { type NamedWeights, namedWeights } from '../trained/index.ts';
import { Bars } from './bars.ts';
import { Interrupted, interruptible } from './interruption.ts';
import type { Output } from './output.ts';
import { bytes, fileSize } from './quantity.ts';

/**
 * The local file that the word means. Says what was downloaded, where it is kept, and under which licence.
 * @param network whose published weights `imagenet` means
 * @throws what `namedWeights` throws; Interrupted after Ctrl-C, with what has arrived kept
 */
export async function weightsArgument(word: string, output: Output, network?: Network): Promise<NamedWeights> {
  const weights = await interruptible(output, (signal) => named(word, output, signal, network));
  const { fetched, published } = weights;
  if (!fetched) return weights;
  const { path, sha256, licence = published?.licence, source, fromCache } = fetched;
  const verb = source === path ? 'found' : fromCache ? 'cached' : 'downloaded';
  output.line(`${output.style('bold', verb)}  ${source} (${fileSize(fetched.bytes)})`);
  if (source !== path) output.line(`  file     ${path}`);
  output.line(`  sha256   ${sha256.slice(0, 16)}…`);
  output.line(`  licence  ${licence ?? 'unknown'}`);
  if (published) output.line(`  trained  on ImageNet by ${published.training}`);
  return weights;
}

async function named(word: string, output: Output, signal: AbortSignal, network?: Network): Promise<NamedWeights> {
  const bars = new Bars(output, [{ label: 'downloading', done: 0, facts: [] }]);
  try {
    return await namedWeights(word, network, {
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
