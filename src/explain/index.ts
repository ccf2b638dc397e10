export type { AboutExplanation } from './about-explanation.ts';
export { explain } from './explain.ts';
export { chosenMethods, type ExplainOptions } from './explain-options.ts';
export type { ExplainedImage, ExplainedMap, Explanation, MapChecks, RandomScores } from './explanation.ts';
export type { Completeness, HeatMap } from './heat-map.ts';
export type { ImageSource, NamedImage } from './images.ts';
export type { Curves } from './insertion-deletion.ts';
export { methods as methodKind } from './kinds.ts';
export {
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  integratedGradients,
  occlusion,
} from './methods/index.ts';
export { type Asks, defineMethod, type Method } from './methods/method.ts';
export { type NearestOptions, nearestImages } from './nearest-images.ts';
export type { LayerAnswer, Questions } from './questions.ts';
export type { StageLikeness } from './randomisation.ts';
export { type MistakesOptions, surestMistakes } from './surest-mistakes.ts';
export { type WrittenExplanation, type WrittenMap, writeExplanation } from './write-explanation.ts';
