/** Depths as papers count them: so many layers in each of n equal parts, and some besides. */
import { ConfigError } from '../tensor/index.ts';

/** A depth is `each`·n + `besides`. */
interface DepthForm {
  readonly each: number;
  readonly besides: number;
  /** What has such depths: `for 3 blocks`. */
  readonly whose: string;
  /** What n counts. */
  readonly hint: string;
}

/** The n of a whole depth. @throws ConfigError with the nearest depths, where there is none */
export function partsAtDepth(where: string, depth: number, { each, besides, whose, hint }: DepthForm): number {
  const n = (depth - besides) / each;
  if (Number.isSafeInteger(n) && n >= 1) return n;
  const [below, above, least] = [Math.floor(n), Math.ceil(n), 1].map((parts) => each * parts + besides);
  throw new ConfigError(
    `${where}: depth must be ${each}n + ${besides} ${whose}; ${depth} is not; ${n > 1 ? `nearest are ${below} and ${above}` : `the least is ${least}`}`,
    hint,
  );
}
