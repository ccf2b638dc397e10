/** Weights by a word: a path, an address, or `imagenet` for those that were published for a network. */
import type { Preprocessing } from '../../checkpoint/index.ts';
import { type FetchedWeights, type FetchWeightsOptions, fetchWeights, hubUrl, isRemote } from '../../hub/index.ts';
import { canonicalGraph } from '../../ir/index.ts';
import { models, type PublishedWeights, publishedAt, publishedWeights } from '../../models/index.ts';
import type { Network } from '../../nn/index.ts';
import { predictionProgram } from '../../step/index.ts';
import { CheckpointError, ConfigError } from '../../tensor/index.ts';
import { shorterSide } from './preprocessing-beside.ts';

/** A file of weights, and what is known of it. */
export interface NamedWeights {
  readonly path: string;
  /** What a recipe records, so that the next run takes the same file: of what was fetched, with its commit and SHA-256. */
  readonly word: string;
  /** Of what was fetched. */
  readonly fetched?: FetchedWeights;
  /** Of what was published: which training, under which licence. */
  readonly published?: PublishedWeights;
  /** How images were prepared, where the file itself and what lies beside it may not say. */
  readonly preprocessing?: Preprocessing;
}

/** Whether the word asks for published weights: `imagenet`, or `imagenet:a1_in1k`. */
const isPublished = (word: string): boolean => /^imagenet(:|$)/.test(word);

/**
 * The file that the word means: `imagenet[:TRAINING]` for the published weights of `network`, an address that `fetchWeights` takes, or a path.
 * @param network what the weights are for; undefined where that is not known, and then `imagenet` is not either
 * @throws ConfigError where there are no such weights, or the network is built otherwise than the published one; what `fetchWeights` throws
 */
export async function namedWeights(
  word: string,
  network: Network | undefined,
  options: FetchWeightsOptions = {},
): Promise<NamedWeights> {
  if (!isPublished(word) && !isRemote(word)) return { path: word, word };
  const published = isPublished(word) ? publishedFor(word, network) : publishedAt(word);
  const fetched = await fetchWeights(isPublished(word) ? (published?.source ?? word) : word, options).catch((error) => {
    if (!published || !(error instanceof CheckpointError)) throw error;
    throw new CheckpointError(error.message, withoutHub(published, error.hint));
  });
  const { path, word: exactly } = fetched;
  return { path, word: exactly, fetched, ...(published && { published, preprocessing: pixelsOf(published) }) };
}

function publishedFor(word: string, network: Network | undefined): PublishedWeights {
  if (!network)
    throw new ConfigError(
      `${word}: expected a network whose published weights these are, but there is none`,
      'name it, for example --model resnet18',
    );
  const [, tag] = word.split(':');
  const published = publishedWeights(network.name, tag === '' ? undefined : tag);
  expectPublished(word, network);
  return published;
}

/** @throws ConfigError where an option makes the network compute something else than the published one, whatever the shapes of its weights */
function expectPublished(word: string, network: Network): void {
  const usual = models.get(network.name)?.network;
  if (!usual?.image || usual.classes === undefined) return;
  const sizes = { image: usual.image, classes: usual.classes, batchSize: 1 };
  const [asked, known] = [network, usual].map((each) => canonicalGraph(predictionProgram({ network: each, ...sizes })));
  if (asked === known) return;
  throw new ConfigError(
    `${word}: the published weights are of ${usual.name} as it is, but its options make it another network`,
    'leave those options out, or the weights',
  );
}

/** The next steps where the server cannot be asked, or does not answer as it should. */
function withoutHub({ source }: PublishedWeights, hint: string | undefined): string {
  const repository = source.slice('hf:'.length);
  const name = repository.slice(repository.indexOf('/') + 1);
  return (
    `${hint === undefined ? '' : `${hint}; `}or download model.safetensors and config.json of ${hubUrl()}/${repository} where that can be reached, ` +
    `put them into DIR/${name} and set SKEIN_WEIGHTS=DIR; HF_ENDPOINT names a mirror; --weights none starts from random weights`
  );
}

function pixelsOf({ pixels }: PublishedWeights): Preprocessing {
  const { side, crop, interpolation, mean, std } = pixels;
  const size = { channels: mean.length, height: side, width: side };
  return { ...size, mean, std, resize: { shorterSide: shorterSide(side, crop) }, interpolation };
}
