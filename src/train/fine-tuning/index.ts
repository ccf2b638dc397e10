/** A way to fine-tune is one file and one line here. */
export { all } from './all.ts';
export { gradual } from './gradual.ts';
export { head } from './head.ts';
