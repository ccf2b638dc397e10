/** An objective is one file and one line here. */
export { bce } from './bce.ts';
export { crossEntropy } from './cross-entropy.ts';
