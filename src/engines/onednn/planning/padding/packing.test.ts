import { describe, expect, it } from 'vitest';
import { type Hand, smallProgram } from '../../../../../tests/small-program.ts';
import { batchStatistics, concat, conv2d, liveNodes, normalise, relu, type Value } from '../../../../ir/index.ts';
import { joinsToPack } from './packing.ts';

const maps = ({ input }: Hand, ...channels: number[]) => channels.map((c, i) => input(`x${i}`, 2, c, 4, 4));

function normed({ entry }: Hand, name: string, x: Value): Value {
  const channels = [x.type.shape[1] as number];
  const { mean, variance } = batchStatistics(x);
  return normalise(x, mean, variance, entry(`${name}.weight`, ...channels), entry(`${name}.bias`, ...channels), 1e-5);
}

const conv = ({ constant }: Hand, x: Value, kernel = 1) =>
  conv2d(x, constant(16, x.type.shape[1] as number, kernel, kernel), { padding: [(kernel - 1) / 2, (kernel - 1) / 2] });

/** How many channels each of the packed joins has, in blocks of 16. */
const packed = (build: (hand: Hand) => Record<string, Value>) =>
  joinsToPack(liveNodes(smallProgram((hand) => ({ outputs: build(hand) }))), 16).map(
    ({ outputs }) => outputs[0]?.type.shape[1],
  );

describe('a join is packed', () => {
  it('where convolutions of 1×1 read it through a batch norm, with a rectifier or without', () => {
    expect(packed((hand) => ({ y: conv(hand, relu(normed(hand, 'n', concat(maps(hand, 12, 12))))) }))).toEqual([24]);
    expect(packed((hand) => ({ y: conv(hand, normed(hand, 'n', concat(maps(hand, 24, 12)))) }))).toEqual([36]);
  });

  it('with all that goes on from it, whoever reads that', () => {
    expect(
      packed((hand) => {
        const [a, b, c] = maps(hand, 16, 12, 12) as [Value, Value, Value];
        const one = concat([a, b]);
        return { y: conv(hand, relu(normed(hand, 'n', one))), z: relu(concat([one, c])) };
      }),
    ).toEqual([28, 40]);
  });

  it('not where its parts fill blocks', () => {
    expect(packed((hand) => ({ y: conv(hand, relu(normed(hand, 'n', concat(maps(hand, 16, 32))))) }))).toEqual([]);
  });

  it('not where convolutions look around, read it without a batch norm, or behind another op', () => {
    expect(packed((hand) => ({ y: conv(hand, relu(normed(hand, 'n', concat(maps(hand, 12, 12)))), 3) }))).toEqual([]);
    expect(packed((hand) => ({ y: conv(hand, concat(maps(hand, 12, 12))) }))).toEqual([]);
    expect(packed((hand) => ({ y: conv(hand, normed(hand, 'n', relu(concat(maps(hand, 12, 12))))) }))).toEqual([]);
  });

  it('not along another axis', () => {
    expect(packed((hand) => ({ y: conv(hand, relu(normed(hand, 'n', concat(maps(hand, 12, 12), 2)))) }))).toEqual([]);
  });

  it('not where what was joined does not come first', () => {
    expect(
      packed((hand) => {
        const [a, b, c] = maps(hand, 16, 12, 12) as [Value, Value, Value];
        const one = concat([a, b]);
        return { y: conv(hand, relu(normed(hand, 'n', one))), z: relu(concat([c, one])) };
      }),
    ).toEqual([28]);
  });
});
