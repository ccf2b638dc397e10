/** What becomes of an image in the article's networks, by the rule of pooling alone: ⌊(n + 2 · padding − kernel) / stride⌋ + 1. */
import { ConfigError } from '../../tensor/index.ts';

const after = (side: number, kernel: number, stride: number, padding: number) =>
  Math.floor((side + 2 * padding - kernel) / stride) + 1;

/** The side of the map behind conv1 (7×7, stride 2, padding 3) and maxpool (3×3, stride 2, padding 1). */
const stemSide = (image: number): number => after(after(image, 7, 2, 3), 3, 2, 1);

/** The map in each block, until one has nothing left. */
export interface BlockSides {
  /** Of the map in each block, from the first on. */
  readonly sides: readonly number[];
  /** The block, counted from 1, whose pooling would leave nothing; null where all fit. */
  readonly endsAfter: number | null;
}

/**
 * A block keeps the size, and a pooling of 2 follows each but the last.
 * @throws ConfigError unless both are whole numbers of at least 1
 */
export function blockSides(image: number, blocks: number): BlockSides {
  for (const [name, value] of Object.entries({ image, blocks }))
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new ConfigError(`blockSides: expected \`${name}\` to be a whole number of at least 1, but got ${value}`);
  const sides = [stemSide(image)];
  while (sides.length < blocks) {
    const next = after(sides.at(-1) as number, 2, 2, 0);
    if (next < 1) return { sides, endsAfter: sides.length };
    sides.push(next);
  }
  return { sides, endsAfter: null };
}

/** The largest number of blocks that an image has room for. */
export const mostBlocks = (image: number): number => blockSides(image, image).sides.length;
