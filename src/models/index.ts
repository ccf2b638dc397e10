export { leastHalvedSide } from './dense-blocks.ts';
export { type DensenetOptions, densenet } from './densenet.ts';
export { defineBuilder, defineFamily, type Family, type Published, type Variant } from './family.ts';
export { publishedWeights } from './find-published-weights.ts';
export { type ForeignName, foreignNames, writtenNamings } from './foreign/foreign-names.ts';
export { inferNetwork, sizesSeen } from './foreign/infer-network.ts';
export type { InferredNetwork } from './foreign/inferred-network.ts';
export type { Form, Naming } from './foreign/naming.ts';
export { recogniseNames } from './foreign/namings.ts';
export type { RecognisedNames } from './foreign/recognised-names.ts';
export { type ImageNetDensenetOptions, imageNetDensenet } from './imagenet-densenet.ts';
export { type ImageNetResnetOptions, imageNetResnet } from './imagenet-resnet.ts';
export { type ImageNetVggOptions, imageNetVgg } from './imagenet-vgg.ts';
export { linearClassifier } from './linear.ts';
export { builders, describeModels, findModel, type Model, type ModelDescription, models } from './models.ts';
export {
  imageNetPreactResnet,
  type PreactResnetOptions,
  preactResnet,
  type WideResnetOptions,
  wideResnet,
} from './preact-resnet.ts';
export {
  allPublishedWeights,
  type PublishedPixels,
  type PublishedWeights,
  publishedAt,
} from './published-weights.ts';
export { fittedInput, type Join, joins } from './residual-shortcut.ts';
export {
  type PlainOptions,
  plain,
  type ResnetOptions,
  resnet,
  type SmallResidualOptions,
  smallResidualNetwork,
} from './resnet.ts';
export { type VggOptions, vgg } from './vgg.ts';
