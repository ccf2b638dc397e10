/** Every family at sizes, channels and classes other than its own: it builds and trains, or says what it takes. */
import { describe, expect, it } from 'vitest';
import { linearClassifier, models } from '../src/models/index.ts';
import { buildNetwork, type Network } from '../src/nn/index.ts';
import { ConfigError } from '../src/tensor/index.ts';

/** The smallest network of each family; in a graph its sizes behave as the others' do. */
const smallest = new Map<string, Network>();
for (const { family, network } of models.values()) if (!smallest.has(family.name)) smallest.set(family.name, network);

const sides = [1, 7, 8, 16, 28, 33, 64, 65, 100, 224, 225];

/** Where a family's form ends. */
const limits: Readonly<Record<string, (side: number) => boolean>> = {
  resnet: (side) => side <= 64,
  plain: (side) => side <= 64,
  vgg: (side) => side >= 32,
};

const build = (network: Network, side: number, channels: number, classes: number, training = true) =>
  buildNetwork(network, { batch: 2, image: { channels, height: side, width: side }, classes, training });

describe.each([...smallest])('%s', (family, network) => {
  it.each(sides)('takes images of %i pixels, or says which it takes', (side) => {
    const takes = limits[family]?.(side) ?? true;
    if (takes) expect(build(network, side, 3, 2).logits.type.shape).toEqual([2, 2]);
    else {
      expect(() => build(network, side, 3, 2)).toThrow(ConfigError);
      expect(() => build(network, side, 3, 2)).toThrow(
        new RegExp(`^${network.name}: it takes images .*but they are ${side}×${side}$`),
      );
    }
  });

  it('takes any channels and classes, for prediction too', () => {
    for (const channels of [1, 3, 4])
      for (const classes of [1, 2, 7])
        for (const training of [true, false])
          expect(build(network, 64, channels, classes, training).logits.type.shape).toEqual([2, classes]);
  });

  it('takes images that are not square', () => {
    const image = { channels: 3, height: 61, width: 37 };
    const { logits } = buildNetwork(network, { batch: 2, image, classes: 3, training: true });
    expect(logits.type.shape).toEqual([2, 3]);
  });
});

it('a linear classifier takes any image', () => {
  for (const side of sides) expect(build(linearClassifier(), side, 4, 1).logits.type.shape).toEqual([2, 1]);
});
