import { describe, expect, it } from 'vitest';
import { type Hand, namesOf, smallProgram, unitOfKind, unitsOf } from '../../../../tests/small-program.ts';
import { concat, multiply, pad, slice, type Value } from '../../../ir/index.ts';
import type { Cut, Join } from './group-joins.ts';

const names = (build: (hand: Hand) => Record<string, Value>) => namesOf(program(build));
const program = (build: (hand: Hand) => Record<string, Value>) => smallProgram((hand) => ({ outputs: build(hand) }));

const maps = ({ input }: Hand, channels = 16) =>
  ['a', 'b'].map((name) => input(name, 2, channels, 4, 4)) as [Value, Value];
const channels = (x: Value, start: number, stop: number) => slice(x, { axes: [1], starts: [start], stops: [stop] });
const padded = (x: Value, after: number, before = 0) => pad(x, { before: [0, before, 0, 0], after: [0, after, 0, 0] });

/** The first 12 channels of both, and what is to become of 24. */
const joined = (hand: Hand, axis = 1) =>
  concat(
    maps(hand).map((map) => channels(map, 0, 12)),
    axis,
  );

describe('a join', () => {
  it('takes the padding off its parts and puts it behind them', () => {
    const one = program((hand) => ({ y: padded(joined(hand), 8) }));
    expect(namesOf(one)).toEqual(['join']);
    const { parts, joined: y, inputs } = unitOfKind<Join>(one, 'join');
    expect(parts.map(({ value, channels: count }) => [value.type.shape[1], count])).toEqual([
      [16, 12],
      [16, 12],
    ]);
    expect(inputs).toEqual([...one.graph.inputs.values()]);
    expect(y).toBe(one.outputs.get('y'));
  });

  it('may have whole parts, and need no padding', () => {
    const whole = program((hand) => {
      const [a, b] = maps(hand);
      return { y: padded(concat([a, channels(b, 0, 12)]), 4) };
    });
    expect(unitOfKind<Join>(whole, 'join').parts.map(({ channels: count }) => count)).toEqual([16, 12]);
    const four = program((hand) => {
      const [a, b] = maps(hand);
      return { y: concat([a, b, a, b].map((map) => channels(map, 0, 12))) };
    });
    expect(unitOfKind<Join>(four, 'join').parts).toHaveLength(4);
  });

  it('is none of whole blocks, of rows, or of parts without their padding', () => {
    expect(names((hand) => ({ y: concat(maps(hand)) }))).toEqual(['concat']);
    expect(names((hand) => ({ y: concat(maps(hand), 2) }))).toEqual(['concat']);
    expect(names((hand) => ({ y: padded(joined(hand, 2), 4) }))).not.toContain('join');
    expect(names((hand) => ({ y: padded(concat(maps(hand, 12)), 8) }))).toEqual(['concat', 'pad']);
    // channels from the middle, of which more than padding is cut off
    expect(names((hand) => ({ y: padded(concat(maps(hand).map((map) => channels(map, 4, 16))), 8) }))).toEqual([
      'slice',
      'slice',
      'concat',
      'pad',
    ]);
    expect(
      names((hand) => ({ y: padded(concat(maps(hand, 32).map((map) => channels(map, 0, 12))), 8) })),
    ).not.toContain('join');
  });

  it('is none where something else reads what is joined, or where that is an output', () => {
    expect(
      names((hand) => {
        const all = joined(hand);
        return { y: padded(all, 8), all };
      }),
    ).toContain('concat');
    expect(
      names((hand) => {
        const all = joined(hand);
        return { y: padded(all, 8), z: multiply(all, 2) };
      }),
    ).toContain('concat');
  });

  it('is none where the padding stands in front, between pixels, or is more than fills the block', () => {
    expect(names((hand) => ({ y: padded(joined(hand), 0, 8) }))).toContain('concat');
    expect(names((hand) => ({ y: padded(joined(hand), 24) }))).toContain('concat');
    expect(
      names((hand) => ({
        y: pad(joined(hand), { before: [0, 0, 0, 0], after: [0, 8, 0, 0], between: [0, 0, 1, 1] }),
      })),
    ).toContain('concat');
    expect(names((hand) => ({ y: pad(joined(hand), { before: [0, 0, 0, 0], after: [0, 8, 1, 0] }) }))).toContain(
      'concat',
    );
  });
});

describe('a cut', () => {
  const cut = (hand: Hand, start: number, stop: number) => channels(hand.input('x', 2, 32, 4, 4), start, stop);

  it('takes whole blocks, or pieces with padding behind them', () => {
    const whole = unitOfKind<Cut>(
      program((hand) => ({ y: cut(hand, 16, 32) })),
      'cut',
    );
    expect(whole).toMatchObject({ start: 16, channels: 16 });
    const piece = program((hand) => ({ y: padded(cut(hand, 12, 24), 4) }));
    expect(namesOf(piece)).toEqual(['cut']);
    expect(unitOfKind<Cut>(piece, 'cut')).toMatchObject({ start: 12, channels: 12 });
    expect(unitOfKind<Cut>(piece, 'cut').y).toBe(piece.outputs.get('y'));
  });

  it('leaves the padding to itself where the piece is read without it', () => {
    expect(
      names((hand) => {
        const y = cut(hand, 12, 24);
        return { y, z: padded(y, 4) };
      }),
    ).toEqual(['slice', 'pad']);
    const both = program((hand) => {
      const y = cut(hand, 0, 16);
      return { y, z: padded(y, 16) };
    });
    expect(unitsOf(both).map(({ kind }) => kind)).toEqual(['cut', 'node']);
  });

  it('is none of pieces, of other axes, of every second channel, or of vectors', () => {
    expect(names((hand) => ({ y: cut(hand, 12, 24) }))).toEqual(['slice']);
    const box = (hand: Hand, axes: number[], steps: number[]) =>
      slice(hand.input('x', 2, 32, 4, 4), {
        axes,
        starts: axes.map(() => 0),
        stops: axes.map((axis) => (axis === 1 ? 32 : 2)),
        steps,
      });
    expect(names((hand) => ({ y: box(hand, [2], [1]) }))).toEqual(['slice']);
    expect(names((hand) => ({ y: box(hand, [1], [2]) }))).toEqual(['slice']);
    expect(names((hand) => ({ y: box(hand, [1, 2], [1, 1]) }))).toEqual(['slice']);
    expect(names((hand) => ({ y: slice(hand.input('v', 3, 32), { axes: [1], starts: [0], stops: [16] }) }))).toEqual([
      'slice',
    ]);
  });
});
