/** A way to fine-tune is one file and one line here. */
import { all } from './all.ts';
import { gradual } from './gradual.ts';
import { head } from './head.ts';

export const fineTuning = { all, gradual, head } as const;
