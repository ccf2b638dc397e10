/**
 * Weights that others trained on ImageNet and published: for each network, which trainings there are, by the names of the repositories that
 * timm keeps at Hugging Face. Names and pixels are timm's own tables' (timm/models/{resnet,resnetv2,densenet,vgg}.py, `default_cfgs`),
 * licences those of the repositories' cards.
 */

/** How images were prepared when the weights were measured. */
export interface PublishedPixels {
  /** Height and width of the network's input. */
  readonly side: number;
  /** Of the scaled image's shorter side, the share that was cut from the centre. */
  readonly crop: number;
  readonly interpolation: 'bilinear' | 'bicubic';
  /** Per channel, of pixels from 0 to 1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Weights of one training of one network. */
export interface PublishedWeights {
  readonly model: string;
  /** The training, as timm calls it: `tv_in1k`. */
  readonly tag: string;
  /** Where they are: `hf:timm/resnet18.tv_in1k`. */
  readonly source: string;
  /** Of the weights, as their card says. */
  readonly licence: string;
  /** Who trained them and how, in a few words. */
  readonly training: string;
  /** What the repository's config.json says too, for where that is missing. */
  readonly pixels: PublishedPixels;
}

type Training = Pick<PublishedWeights, 'tag' | 'licence' | 'training' | 'pixels'>;

const usual = {
  side: 224,
  crop: 0.875,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
} as const;
const linear: PublishedPixels = { ...usual, interpolation: 'bilinear' };
const cubic: PublishedPixels = { ...usual, interpolation: 'bicubic' };
const wideCubic: PublishedPixels = { ...cubic, crop: 0.95 };
const bsd = 'bsd-3-clause';
const apache = 'apache-2.0';

const tv: Training = {
  tag: 'tv_in1k',
  licence: bsd,
  training: 'torchvision, its first recipe',
  pixels: linear,
};
const tv2: Training = {
  tag: 'tv2_in1k',
  licence: bsd,
  training: 'torchvision, its longer recipe with more augmentation',
  pixels: { ...linear, side: 176 },
};
const denseTv: Training = { ...tv, licence: apache, pixels: cubic };
const a1: Training = {
  tag: 'a1_in1k',
  licence: apache,
  training: 'timm, recipe A1 of arXiv:2110.00476, 600 epochs',
  pixels: wideCubic,
};
const a1h: Training = {
  tag: 'a1h_in1k',
  licence: apache,
  training: 'timm, after recipe A1 of arXiv:2110.00476',
  pixels: wideCubic,
};
const preactA1h: Training = { ...a1h, pixels: { ...wideCubic, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } };
const ra: Training = { tag: 'ra_in1k', licence: apache, training: 'timm, with RandAugment', pixels: cubic };
const ra2: Training = { ...ra, tag: 'ra2_in1k' };
const racm: Training = { ...ra, tag: 'racm_in1k', training: 'timm, with RandAugment and CutMix' };

/** The first of each is taken where nobody says which. */
// biome-ignore format: a table
const trainings: Readonly<Record<string, readonly Training[]>> = {
  resnet18:         [tv, a1],
  resnet34:         [tv, a1],
  resnet50:         [tv, tv2, a1],
  resnet101:        [tv, tv2, a1],
  resnet152:        [tv, tv2, a1],
  resnext50_32x4d:  [tv, tv2, a1h],
  resnext101_32x8d: [tv, tv2],
  wide_resnet50_2:  [tv, tv2, racm],
  wide_resnet101_2: [tv, tv2],
  resnet50d:        [ra2, a1],
  seresnet50:       [ra2, a1],
  resnetv2_50:      [preactA1h],
  resnetv2_101:     [preactA1h],
  densenet121:      [denseTv, ra],
  densenet169:      [denseTv],
  densenet201:      [denseTv],
  densenet161:      [denseTv],
  vgg11:            [tv],
  vgg13:            [tv],
  vgg16:            [tv],
  vgg19:            [tv],
  vgg11_bn:         [tv],
  vgg13_bn:         [tv],
  vgg16_bn:         [tv],
  vgg19_bn:         [tv],
};

/** All that are known of a network, the usual ones first; none for most. */
export function allPublishedWeights(model: string): readonly PublishedWeights[] {
  const found = Object.hasOwn(trainings, model) ? (trainings[model] ?? []) : [];
  return found.map((training) => ({ model, source: `hf:timm/${model}.${training.tag}`, ...training }));
}

/** Those that an address such as `hf:timm/resnet18.tv_in1k@main/model.safetensors` leads to, where it is one of them. */
export function publishedAt(address: string): PublishedWeights | undefined {
  const [, model = '', tag] = /^hf:timm\/([^./@#]+)\.([^./@#]+)/i.exec(address) ?? [];
  return allPublishedWeights(model).find((weights) => weights.tag === tag);
}

/** Networks that have some. */
export const modelsWithWeights: readonly string[] = Object.keys(trainings);
