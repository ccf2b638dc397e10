/** Every published network by its name. */
import { plan } from '../ir/index.ts';
import { buildNetwork, type Network } from '../nn/index.ts';
import { ConfigError, nearestName } from '../tensor/index.ts';
import { densenetFamily } from './densenet.ts';
import type { Family, Variant } from './family.ts';
import { imageNetDensenetFamily } from './imagenet-densenet.ts';
import {
  imageNetResnetFamily,
  resnetDFamily,
  resnextFamily,
  seResnetFamily,
  wideImageNetFamily,
} from './imagenet-resnet-families.ts';
import { imageNetVggFamily } from './imagenet-vgg.ts';
import { linearClassifier } from './linear.ts';
import { imageNetPreactFamily, preactResnetFamily, wideResnetFamily } from './preact-resnet.ts';
import { allPublishedWeights } from './published-weights.ts';
import { plainFamily, resnetFamily } from './resnet.ts';
import { vggFamily } from './vgg.ts';

export interface Model extends Variant {
  readonly family: Family;
}

const families: readonly Family[] = [
  resnetFamily,
  plainFamily,
  imageNetResnetFamily,
  resnextFamily,
  wideImageNetFamily,
  resnetDFamily,
  seResnetFamily,
  preactResnetFamily,
  imageNetPreactFamily,
  wideResnetFamily,
  densenetFamily,
  imageNetDensenetFamily,
  vggFamily,
  imageNetVggFamily,
];

/** Every way to build a network of Skein's from its options. */
export const builders: readonly Family['build'][] = [linearClassifier, ...families.map(({ build }) => build)];

/** All models in the order of their papers' tables. */
export const models: ReadonlyMap<string, Model> = new Map(
  families.flatMap((family) => [...family.variants].map(([name, variant]) => [name, { ...variant, family }] as const)),
);

/** The network of this name, such as `resnet20` or `densenet-bc100-k12`. @throws ConfigError where there is none */
export function findModel(name: string): Network {
  const model = models.get(name);
  if (model) return model.network;
  const nearest = nearestName(name, [...models.keys()]);
  throw new ConfigError(
    `unknown model \`${name}\`${nearest ? `; did you mean ${nearest}?` : ''}`,
    'skein models lists them',
  );
}

export interface ModelDescription {
  readonly name: string;
  readonly family: string;
  readonly paper: string;
  /** Channels, height and width of its default image. */
  readonly input: readonly [number, number, number];
  readonly classes: number;
  readonly params: number;
  /** Multiply-adds of convolutions and linear layers for one image. */
  readonly macs: number;
  /** Trainings whose ImageNet weights are published, as `--weights imagenet:TRAINING` takes them; the first is the usual one. */
  readonly weights: readonly string[];
}

/** What every model is and costs at its default image and classes, counted from its graph. @param only the model of this name */
export function describeModels(only?: string): ModelDescription[] {
  const described = [...models].filter(([name]) => only === undefined || name === only);
  return described.map(([name, { network, family }]) => {
    const { graph, image, logits } = buildNetwork(network, { batch: 1, training: false });
    const outputs = new Map([['logits', logits]]);
    const { params, macs } = plan({ name, graph, outputs, updates: new Map() });
    const [, channels, height, width] = image.type.shape as [number, number, number, number];
    const classes = logits.type.shape[1] as number;
    const weights = allPublishedWeights(name).map(({ tag }) => tag);
    const { name: familyName, paper } = family;
    return { name, family: familyName, paper, input: [channels, height, width], classes, params, macs, weights };
  });
}
