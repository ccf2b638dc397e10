/** Which file a run's weights come from. */
import type { Network } from '../nn/index.ts';
import { type NamedWeights, namedWeights } from '../trained/index.ts';

/** What a person says to start from random weights all the same. */
const randomWeights = 'none';

/**
 * The file that `weights` means for this network; undefined for random weights.
 * @throws ConfigError where nothing is published for the network; CheckpointError where it cannot be fetched; the signal's reason
 */
export async function startingFile(
  weights: string | undefined,
  network: Network,
  signal: AbortSignal | undefined,
): Promise<NamedWeights | undefined> {
  if (weights === undefined || weights === randomWeights) return undefined;
  return namedWeights(weights, network, { ...(signal && { signal }) });
}
