export { type DensenetOptions, densenet } from './densenet.ts';
export { defineFamily, type Family, type Published, type Variant } from './family.ts';
export { linearClassifier } from './linear.ts';
export { describeModels, findModel, type Model, type ModelDescription, models } from './models.ts';
export { type PlainOptions, plain, type ResnetOptions, resnet } from './resnet.ts';
