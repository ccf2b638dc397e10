/** Steps of a run once more: one with everything visible, or many to compare with what was recorded. */
export type { Compared, Difference } from './comparison.ts';
export type { LayerNorms } from './layer-norms.ts';
export type { MaskShare } from './mask-shares.ts';
export {
  type ReplayedRun,
  type ReplayedSample,
  type ReplayedStep,
  type ReplayOptions,
  type ReplayPlan,
  replay,
  replayedRun,
} from './replay.ts';
export { replayPageOf } from './replay-page.ts';
export type { StepsAgainOptions } from './steps-again.ts';
export type { ChangedSurrounding } from './surroundings.ts';
export { type Verification, type VerifiedLeg, type VerifyOptions, verify } from './verify.ts';
