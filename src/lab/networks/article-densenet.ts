/** The `DenseNet` of the article's section 4.2, as its lines say it, and with as many of its mistakes repaired as are asked for. */
import { relu, scope, type Value } from '../../ir/index.ts';
import { defineNetwork, globalAveragePool, linear, type Network } from '../../nn/index.ts';
import { ConfigError, formatShape, ShapeError } from '../../tensor/index.ts';
import { articleStem, convNorm, halve } from './article-layers.ts';

/** What is changed of the article's code; without any, it is as written. */
export interface DenseRepairs {
  /** `num_blocks`, where it is a list. */
  readonly numBlocks?: readonly number[];
  /** Each block expects the channels that the one before it gives. */
  readonly blockChannels?: boolean;
  /** No pooling between the blocks of a layer. */
  readonly noPools?: boolean;
  /** Each layer expects the channels that the one before it gives. */
  readonly layerChannels?: boolean;
  /** So does the classifier. */
  readonly headChannels?: boolean;
}

/** The article's `DenseNet(num_layers=100, growth_rate=12, num_blocks=9)`; its answer is the logits, without the list beside them. */
export function articleDensenet(repairs: DenseRepairs = {}, { numLayers = 100, growth = 12 } = {}): Network {
  const { numBlocks, layerChannels, headChannels } = repairs;
  const name = numBlocks === undefined ? 'article-densenet' : `article-densenet-${numBlocks.join('-')}`;
  const build: Network['build'] = (image, { classes }) => {
    const counts = blockCounts(numBlocks);
    let x = articleStem(image);
    for (const [i, count] of counts.entries()) {
      // self._make_layer(64, num_blocks[0]), then self._make_layer(self.num_layers * self.growth_rate, num_blocks[i])
      const written = i === 0 ? 64 : numLayers * growth;
      x = scope(`layer${i + 1}`, () => layer(x, layerChannels ? channelsOf(x) : written, count, growth, repairs));
    }
    const features = globalAveragePool(x);
    // self.fc = nn.Linear(self.num_layers * self.growth_rate, 10)
    const expected = headChannels ? channelsOf(x) : numLayers * growth;
    if (channelsOf(features) !== expected)
      throw new ShapeError(
        `fc: expected ${expected} numbers of each image, but got ${channelsOf(features)} (x ${formatShape(features.type.shape)})`,
        'num_layers · growth_rate is not what the layers add up to',
      );
    return linear(features, classes, { name: 'classifier' });
  };
  return defineNetwork(name, build, { options: { ...repairs, numLayers, growth } });
}

/** `num_blocks[0]` to `num_blocks[4]`. @throws ConfigError where it is no list */
function blockCounts(numBlocks: readonly number[] | undefined): readonly number[] {
  if (numBlocks !== undefined) return numBlocks;
  throw new ConfigError(
    'article-densenet: num_blocks[0] expects num_blocks to be a list, but it is the number 9',
    'Python raises TypeError here: an int is not subscriptable',
  );
}

/** `_make_layer(channel, num_blocks)`: every block expects `channel`, though each gives `growth` more. */
function layer(x: Value, channel: number, count: number, growth: number, repairs: DenseRepairs): Value {
  let y = x;
  for (let i = 0; i < count; i++) {
    const expected = repairs.blockChannels && i > 0 ? channelsOf(y) : channel;
    y = scope(`block${i + 1}`, () => block(y, expected, expected + growth));
    if (i !== count - 1 && !repairs.noPools) y = halve(y);
  }
  return y;
}

function block(x: Value, from: number, to: number): Value {
  const window = { kernel: 3, padding: 1 };
  return relu(convNorm(relu(convNorm(x, from, to, 'first', window)), to, to, 'second', window));
}

const channelsOf = (x: Value) => x.type.shape[1] as number;
