export {
  type Corruption,
  type CorruptionCategory,
  corruptionCategories,
  corruptionTitle,
  defineCorruption,
  type Severity,
  severities,
} from './corruption.ts';
export { type CorruptionMeans, type CorruptionScore, corruptionMeans } from './corruption-means.ts';
export { corruptions, corruptionsOf } from './corruptions.ts';
export * from './list.ts';
