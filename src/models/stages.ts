/** The body of a residual network: stages of equal blocks, as the rows of the papers' tables. */
import { scope, type Value } from '../ir/index.ts';
import { number, type Option } from '../parts/index.ts';
import { partsAtDepth } from './depth.ts';

/** One row: channels inside its blocks, how many blocks, and the stride of the first. */
export interface Stage {
  readonly width: number;
  readonly blocks: number;
  readonly stride: number;
}

/** What a block needs to know of where it stands. */
export interface Place {
  readonly width: number;
  readonly stride: number;
  /** Chance that the block's own part is left out for an image in training. */
  readonly drop: number;
}

/**
 * Blocks named `stage1.block1`, …, one on the other. The chance to be left out grows linearly to `drop` at the last block
 * (Huang et al. 2016, arXiv 1603.09382, §3).
 */
export function stackStages(
  input: Value,
  stages: readonly Stage[],
  drop: number,
  block: (x: Value, place: Place) => Value,
): Value {
  const total = stages.reduce((sum, { blocks }) => sum + blocks, 0);
  let x = input;
  let done = 0;
  stages.forEach(({ width, blocks, stride }, at) => {
    scope(`stage${at + 1}`, () => {
      for (let i = 1; i <= blocks; i++) {
        const place = { width, stride: i === 1 ? stride : 1, drop: (drop * ++done) / total };
        x = scope(`block${i}`, () => block(x, place));
      }
    });
  });
  return x;
}

/** The option `stochasticDepth`, which `stackStages` takes as `drop`. */
export const stochasticDepthOption: Option<number> = number({
  about: 'chance that the last block is left out for an image in training; it grows linearly from the first block’s',
  from: 0,
  below: 1,
  default: 0,
});

/** Three stages, the width doubled wherever the map is halved: the form for small images (He et al. 2015, arXiv 1512.03385, §4.2). */
export const smallStages = (blocks: number, width: number): Stage[] =>
  [1, 2, 4].map((times) => ({ width: times * width, blocks, stride: times === 1 ? 1 : 2 }));

/** Blocks of each of three stages. @param convolutions of a block @param besides layers outside the blocks @throws ConfigError */
export const smallBlocks = (where: string, depth: number, convolutions: 2 | 3, besides: number): number =>
  partsAtDepth(where, depth, {
    each: 3 * convolutions,
    besides,
    whose: 'for images up to 64 pixels wide',
    hint: `each of the three stages has n blocks of ${convolutions === 2 ? 'two' : 'three'} convolutions`,
  });

/** The same with four stages from 64 channels on: the form for large images (ibid., Table 1). */
export const largeStages = (blocks: readonly number[] = []): Stage[] =>
  blocks.map((count, at) => ({ width: 64 * 2 ** at, blocks: count, stride: at === 0 ? 1 : 2 }));

/** Ibid., Table 1: blocks per stage by depth; from 50 on they are bottlenecks. */
// biome-ignore format: the paper's table
export const largeBlocks: ReadonlyMap<number, readonly number[]> = new Map([
  [18,  [2, 2, 2, 2]],
  [34,  [3, 4, 6, 3]],
  [50,  [3, 4, 6, 3]],
  [101, [3, 4, 23, 3]],
  [152, [3, 8, 36, 3]],
]);
