import type { Ranks } from './engine.ts';

/** Of so many things shared out over ranks in their order, as evenly as can be: those of one rank, from `from` to before `to`. */
export const ownPart = (count: number, { rank, size }: Pick<Ranks, 'rank' | 'size'>): { from: number; to: number } => ({
  from: Math.floor((count * rank) / size),
  to: Math.floor((count * (rank + 1)) / size),
});
