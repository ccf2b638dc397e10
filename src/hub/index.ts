export { type FetchedWeights, type FetchWeightsOptions, fetchWeights } from './fetch-weights.ts';
export { isRemote } from './weights-source.ts';
