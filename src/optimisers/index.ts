/** An optimiser is one file and one line here. */
export { adamw } from './adamw.ts';
export { sgd } from './sgd.ts';
