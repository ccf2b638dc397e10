/** A way to average weights is one file and one line here. */
export { ema } from './ema.ts';
