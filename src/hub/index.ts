export { type FetchWeightsOptions, fetchWeights } from './fetch-weights.ts';
export type { FetchedWeights } from './fetched-weights.ts';
export { hubUrl } from './hugging-face.ts';
export { isRemote } from './weights-source.ts';
export { isWithinReach } from './within-reach.ts';
