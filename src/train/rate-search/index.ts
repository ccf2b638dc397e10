/** The search for a learning rate before the first step. */
export { atRate, expectSearchable, searchRates } from './search-rates.ts';
export type { RateSearch, RateStep } from './suggested-rate.ts';
