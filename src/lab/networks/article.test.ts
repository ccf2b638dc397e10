import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../nn/index.ts';
import { ShapeError } from '../../tensor/index.ts';
import { articleDensenetParams, articleResnetParams } from '../arithmetic/article-params.ts';
import { blockSides, mostBlocks } from '../arithmetic/article-sizes.ts';
import { tryToBuild } from '../arithmetic/build-attempt.ts';
import { articleDensenet } from './article-densenet.ts';
import { articleResnet } from './article-resnet.ts';
import { denseLadder, repairedDense } from './dense-ladder.ts';

const square = (size: number) => ({ channels: 3, height: size, width: size });
const build = (network: ReturnType<typeof articleResnet>, size: number) =>
  buildNetwork(network, { batch: 2, image: square(size), classes: 10, training: true });

describe("the article's ResNet", () => {
  it('has maps as large as by hand, until a block has nothing left', () => {
    // 224: 112 by the convolution, 56 by the pooling; PyTorch 1.13 raises at the same num_layers
    expect(blockSides(224, 50)).toEqual({ sides: [56, 28, 14, 7, 3, 1], endsAfter: 6 });
    expect(blockSides(32, 50)).toEqual({ sides: [8, 4, 2, 1], endsAfter: 4 });
    expect(blockSides(32, 4)).toEqual({ sides: [8, 4, 2, 1], endsAfter: null });
    expect([28, 32, 224].map(mostBlocks)).toEqual([3, 4, 6]);
  });

  it.each([28, 32, 224])('is refused at %i pixels from the block on that the arithmetic names', (size) => {
    const most = mostBlocks(size);
    expect(build(articleResnet(most), size).logits.type.shape).toEqual([2, 10]);
    for (const blocks of [most + 1, 50]) {
      expect(() => build(articleResnet(blocks), size)).toThrow(ShapeError);
      expect(() => build(articleResnet(blocks), size)).toThrow('a kernel of 2×2');
      expect(blockSides(size, blocks).endsAfter).toBe(most);
    }
  });

  it('has as many parameters as in PyTorch, and no shortcut unless it is given one', () => {
    expect(articleResnetParams(50)).toBe(3_715_850);
    const [plain, mended] = [false, true].map((shortcuts) =>
      tryToBuild(articleResnet(3, { shortcuts }), square(32), 10),
    );
    expect(plain).toMatchObject({ params: 232_586, depth: 8, shortcuts: 0, concatenations: 0 });
    expect(mended).toMatchObject({ params: 232_586, depth: 8, shortcuts: 3, concatenations: 0 });
    expect(articleResnetParams(3)).toBe(232_586);
  });
});

describe("the article's DenseNet", () => {
  it('would have as many parameters as in PyTorch', () => {
    expect(articleDensenetParams(4, 12, [9, 9, 9, 9, 9])).toBe(2_988_514);
    expect(articleDensenetParams(10, 12, [2, 1, 3, 1, 2])).toBe(2_304_418);
  });

  it('stops at another mistake after each repair, and joins nothing after the last', () => {
    const attempts = [{}, ...denseLadder.map(({ repairs }) => repairs)].map((repairs) =>
      tryToBuild(articleDensenet(repairs), square(32), 10),
    );
    expect(attempts.map(({ error }) => error)).toEqual([
      expect.stringContaining('num_blocks[0] expects num_blocks to be a list'),
      // PyTorch: expected input[2, 76, 4, 4] to have 64 channels, but got 76 channels instead
      expect.stringContaining('`x` has 76 channels but `weight` expects 64 (x [1, 76, 4, 4]'),
      expect.stringContaining('a kernel of 2×2'),
      // 64 + 9 · 12
      expect.stringContaining('`x` has 172 channels but `weight` expects 1200'),
      // 64 + 45 · 12
      expect.stringContaining('expected 1200 numbers of each image, but got 604'),
      null,
    ]);
    expect(attempts.at(-1)).toMatchObject({ shortcuts: 0, concatenations: 0 });
  });

  it('can be trained with one block in each layer', () => {
    const { graph, logits } = build(articleDensenet(repairedDense), 28);
    expect(logits.type.shape).toEqual([2, 10]);
    // 64 + 5 · 12 channels behind the last block
    expect(graph.state.get('classifier.weight')?.type.shape).toEqual([10, 124]);
  });
});
