import { describe, expect, it } from 'vitest';
import { choice, definePart, Kind, number, numbers, optional, whole, yesOrNo } from './index.ts';

const crop = definePart({
  name: 'padCrop',
  aliases: ['crop'],
  isDefault: true,
  about: 'moves',
  options: {
    pad: whole({ about: 'pixels', from: 1, default: 4 }),
    twice: number({ about: 'twice the pad', default: ({ pad }) => 2 * (pad as number), defaultText: '2 · pad' }),
  },
  make: () => ({}),
});
const mirror = definePart({
  name: 'flip',
  about: 'mirrors',
  options: {
    probability: number({ about: 'share', from: 0, to: 1, default: 0.5, hint: '0.5 is usual' }),
    always: yesOrNo({ about: 'every image', default: false }),
    axes: numbers({ about: 'which', above: 0, default: [1] }),
    side: choice(['left', 'right'], { about: 'which side', default: 'left' }),
  },
  make: () => ({}),
});
const grid = definePart({
  name: 'grid',
  about: 'cuts',
  options: {
    rows: whole({ about: 'how many', from: 1 }),
    side: whole({ about: 'of each', among: [4, 8, 16] }),
    steps: numbers({ about: 'between', areWhole: true, from: 1, default: [1, 2] }),
    gap: optional(whole({ about: 'pixels', from: 1 })),
  },
  make: ({ rows }) => ({ name: `grid${rows}` }),
});
const kind = new Kind('change', { mirror, crop });

describe('a part', () => {
  it('tells its name and all of its options', () => {
    expect(crop({ pad: 3 })).toEqual({ name: 'padCrop', options: { pad: 3, twice: 6 } });
    expect(crop().options).toEqual({ pad: 4, twice: 8 });
  });

  it('refuses options that it has not, and values that they do not take', () => {
    expect(() => mirror({ probabilty: 1 } as never)).toThrow(
      'flip: it has no option `probabilty`; did you mean probability?',
    );
    expect(() => mirror({ probability: 2 })).toThrow(
      expect.objectContaining({
        message: 'flip: `probability` must be a number from 0 to 1, but is 2',
        hint: '0.5 is usual',
      }),
    );
    expect(() => mirror({ axes: [0] })).toThrow('flip: `axes` must be numbers above 0, but is [0]');
    expect(() => mirror({ side: 'up' as never })).toThrow('flip: `side` must be left or right, but is "up"');
    expect(() => crop({ pad: 0.5 })).toThrow('padCrop: `pad` must be a whole number of at least 1, but is 0.5');
    expect(() => crop({ pad: Number.NaN })).toThrow('but is NaN');
  });
});

describe('a part with options that must be given', () => {
  it('is made from them, and has what it may be without only where that is given', () => {
    expect(grid({ rows: 2, side: 8 })).toEqual({ name: 'grid2', options: { rows: 2, side: 8, steps: [1, 2] } });
    expect(Object.keys(grid({ gap: 3, side: 4, rows: 1 }).options)).toEqual(['rows', 'side', 'steps', 'gap']);
    expect(Object.values(grid.options).map(({ isNeeded, defaultText }) => [isNeeded, defaultText])).toEqual([
      [true, ''],
      [true, ''],
      [false, '1/2'],
      [false, 'none'],
    ]);
  });

  it('refuses to be made without them, or with what they do not take', () => {
    // @ts-expect-error: `side` must be given
    expect(() => grid({ rows: 2 })).toThrow('grid: `side` must be one of 4, 8, 16, but is undefined');
    // @ts-expect-error: all of them
    expect(() => grid()).toThrow('grid: `rows` must be a whole number of at least 1, but is undefined');
    expect(() => grid({ rows: 2, side: 5 })).toThrow('grid: `side` must be one of 4, 8, 16, but is 5');
    expect(() => grid({ rows: 2, side: 4, gap: 0 })).toThrow('`gap` must be a whole number of at least 1, but is 0');
    expect(() => grid({ rows: 2, side: 4, steps: [1, 1.5] })).toThrow(
      '`steps` must be whole numbers of at least 1, but is [1,1.5]',
    );
  });
});

describe('a kind', () => {
  it('makes its default', () => {
    expect(kind.makeDefault({ pad: 2 })).toEqual(crop({ pad: 2 }));
    expect(() => new Kind('change', { mirror }).makeDefault()).toThrow('no change is taken where none is named');
  });

  it.each([
    ['flip', [mirror()]],
    ['crop:pad=3,flip', [crop({ pad: 3 }), mirror()]],
    [
      'crop:pad=3,twice=1,flip:probability=0.25,always',
      [crop({ pad: 3, twice: 1 }), mirror({ probability: 0.25, always: true })],
    ],
    ['pad-crop, PADCROP', [crop(), crop()]],
    ['flip:always=false,axes=1/2.5,side=right', [mirror({ axes: [1, 2.5], side: 'right' })]],
    ['none', []],
  ])('reads %s', (text, made) => {
    expect(kind.parseList('--x', text)).toEqual(made);
  });

  it('reads what files hold, and text in their place', () => {
    expect(kind.read('a.yaml', { name: 'crop', pad: 2 })).toEqual(crop({ pad: 2 }));
    expect(kind.readList('a.yaml', ['flip', { name: 'padCrop', pad: 1 }])).toEqual([mirror(), crop({ pad: 1 })]);
  });

  it.each([
    ['flipp', "--x: the change `flipp` is not one of Skein's (padCrop or crop, flip); did you mean flip?"],
    ['', 'the change `` is not one'],
    ['flip:probability', 'the change `probability` is not one'],
    ['flip:probability=high', '--x: the change `flip`: `probability` must be a number from 0 to 1, but is "high"'],
    ['flip:chance=1', 'the change `flip`: it has no option `chance`'],
    ['flip:always=perhaps', '`always` must be true or false, but is "perhaps"'],
    ['crop:pad=2,pad=3', '--x: the change `padCrop`: `pad` is given twice'],
    ['flip:axes=1/x', '`axes` must be numbers above 0, but is [1,"x"]'],
  ])('refuses %s', (text, message) => {
    expect(() => kind.parseList('--x', text)).toThrow(message);
  });

  it('says of a name that it has not what holds of its own parts, else of those of a recipe', () => {
    const hint = 'docs/changes.md has all of them';
    const own = new Kind('change', { mirror }, { hint });
    expect(() => own.find('--x', 'turn')).toThrow(expect.objectContaining({ hint }));
    expect(() => kind.find('--x', 'turn')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('train({ … })') }),
    );
  });

  it('takes one part where one is asked for', () => {
    expect(kind.parse('--x', 'crop:pad=2')).toEqual(crop({ pad: 2 }));
    expect(() => kind.parse('--x', 'crop,flip')).toThrow('--x: expected one change, but got `crop,flip`');
    expect(() => kind.read('a.yaml', { pad: 3 })).toThrow('a.yaml: expected the change as a `name` with its options');
  });
});
