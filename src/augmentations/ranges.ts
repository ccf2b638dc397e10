/** Options that are a least and a most, and what is drawn between them. */
import { ConfigError, type Random } from '../tensor/index.ts';

/** @throws ConfigError naming the first option whose ends are turned round */
export function expectRanges(name: string, ranges: Readonly<Record<string, readonly number[]>>): void {
  for (const [option, [least = 0, most = 0]] of Object.entries(ranges))
    if (least > most)
      throw new ConfigError(
        `${name}: \`${option}\` must be the least and the largest, but is ${least}/${most}`,
        'turn them round',
      );
}

/** Uniform between the two. */
export const between = ([least = 0, most = 0]: readonly number[], random: Random): number =>
  least + (most - least) * random.uniform();

/** Uniform within `most` of 0 either way. */
export const upTo = (most: number, random: Random): number => most * (2 * random.uniform() - 1);
