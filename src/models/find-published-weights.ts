/** The published weights that a person means by a network and a word, or why there are none. */
import { ConfigError, nearestName } from '../tensor/index.ts';
import { models } from './models.ts';
import { allPublishedWeights, modelsWithWeights, type PublishedWeights } from './published-weights.ts';

/**
 * The published ImageNet weights of a network: those of `tag`, such as `a1_in1k`, else the usual ones.
 * @throws ConfigError where there are none, naming the networks that have some
 */
export function publishedWeights(model: string, tag?: string): PublishedWeights {
  const known = allPublishedWeights(model);
  const [first] = known;
  if (!first) throw noWeights(model);
  if (tag === undefined) return first;
  const found = known.find((weights) => weights.tag === tag || weights.tag === `${tag}_in1k`);
  if (found) return found;
  const tags = known.map((weights) => weights.tag);
  const near = nearestName(tag, tags);
  throw new ConfigError(
    `${model}: expected one of its published weights, ${tags.join(', ')}, but got ${tag}`,
    near === undefined
      ? `others that fit can be named by their repository: hf:timm/${model}.${tag}`
      : `did you mean imagenet:${near}?`,
  );
}

function noWeights(model: string): ConfigError {
  const side = models.get(model)?.network.image?.height ?? 224;
  const reason = !models.has(model)
    ? 'it is no network of `skein models`'
    : side <= 64
      ? `it is for images of ${side}×${side} pixels, and ImageNet’s are larger`
      : 'nobody is known to have published any';
  return new ConfigError(
    `${model}: there are no published ImageNet weights for it: ${reason}`,
    `take one of ${modelsWithWeights.join(', ')}; or leave --weights imagenet out`,
  );
}
