export { gradients } from './gradients.ts';
export { type Recompute, recompute, recomputeChoices } from './recompute.ts';
