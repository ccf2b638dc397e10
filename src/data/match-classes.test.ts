import { expect, it } from 'vitest';
import { DataError } from '../tensor/index.ts';
import { numberedClasses } from './class-names.ts';
import { type ClassLists, matchClasses } from './match-classes.ts';

const animals = ['ant', 'bee', 'cow', 'dog'];
const digits = Array.from({ length: 10 }, (_, i) => String(i));
const words = ['eight', 'five', 'four', 'nine', 'one', 'seven', 'six', 'three', 'two', 'zero'];

const match = (known: readonly string[], classes: readonly string[], more: Partial<ClassLists> = {}) =>
  matchClasses({ where: 'photos/test', known, classes, ...more });

function refusal(known: readonly string[], classes: readonly string[], more: Partial<ClassLists> = {}): DataError {
  try {
    match(known, classes, more);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return error as DataError;
  }
  throw new Error('it was accepted');
}

it('says nothing where names and order are the same, also where a name comes twice', () => {
  expect(match(animals, animals)).toEqual({ by: 'name', places: [0, 1, 2, 3] });
  const cranes = ['crane', 'heron', 'crane'];
  expect(match(cranes, cranes)).toEqual({ by: 'name', places: [0, 1, 2] });
});

it('maps names in any order, and says so', () => {
  expect(match(['dog', 'cow', 'ant', 'bee'], animals)).toEqual({
    by: 'name',
    places: [2, 3, 1, 0],
    note: 'classes are matched by name, since the network has another order: `ant` is class 0 of the data and class 2 of the 4 that the network knows',
  });
});

it('takes data of some of the classes, and says how many', () => {
  const note = "the data has 2 of the network's 4 classes; an answer of the others counts as wrong";
  expect(match(animals, ['bee', 'dog'])).toEqual({ by: 'name', places: [1, 3], note });
  expect(match(animals.toReversed(), ['bee', 'dog'])).toMatchObject({
    places: [2, 0],
    note: expect.stringMatching(/^classes are matched by name, .*; the data has 2 of/),
  });
});

it('compares names in composed form, and otherwise exactly', () => {
  const [composed, decomposed] = ['caf\u00e9', 'cafe\u0301'];
  expect(match([composed, 'tea'], [decomposed, 'tea'])).toEqual({ by: 'name', places: [0, 1] });
  const { message, hint } = refusal(['hot dog', 'big_cat', 'x'], ['Hot_Dog', 'big-cat', 'x']);
  expect(message).toContain(
    'it does not know `Hot_Dog` (the nearest is `hot dog`), `big-cat` (the nearest is `big_cat`)',
  );
  expect(hint).toBe('case, spaces, `_` and `-` count: give the classes the names that the network has');
});

it('refuses what is unknown, by its name and the nearest that is known', () => {
  const { message, hint } = refusal(animals, ['ant', 'bee', 'cow', 'zebra']);
  expect(message).toBe(
    'photos/test: expected classes that the network knows, which are `ant`, `bee`, `cow`, `dog`; but it does not know `zebra`',
  );
  expect(hint).toBe('give them names that the network knows, or leave them out');
  expect(refusal(['antelope', 'bee'], ['antilope', 'bee']).message).toContain('`antilope` (the nearest is `antelope`)');
  // more of them than the network knows, all of its own among them
  expect(refusal(animals, [...animals, 'emu']).message).toContain('does not know `emu`');
  // a placeholder among names is a name
  expect(refusal(numberedClasses(2), ['class 1', 'dog']).message).toContain('does not know `dog`');
});

it('refuses data of which it knows nothing, and shows what positions would mean', () => {
  const { message, hint } = refusal(animals, ['Ameise', 'Biene', 'Hund', 'Kuh']);
  expect(message).toContain('it knows none of the 4: `Ameise`, `Biene` (the nearest is `bee`), `Hund`, `Kuh`');
  expect(hint).toContain('--classes-by-position');
  expect(refusal(digits, words).hint).toContain('`eight` counts as `0`, `five` as `1`, `four` as `2`, …');
  expect(refusal(animals, ['eins', 'zwei']).hint).not.toContain('position');
  expect(refusal(animals, ['Ant', 'Bee', 'Cow', 'Dog']).hint).not.toContain('position');
});

it('takes positions where one side has no names and as many classes, and says so', () => {
  expect(match(numberedClasses(10), words)).toEqual({
    by: 'position',
    places: digits.map(Number),
    note: "classes are matched by position, since the network's have no names: `eight` counts as `class 0`, `five` as `class 1`, `four` as `class 2`, …",
  });
  expect(match(['no', 'yes'], numberedClasses(2))).toMatchObject({
    by: 'position',
    note: "classes are matched by position, since the data's have no names: `class 0` counts as `no`, `class 1` as `yes`",
  });
  expect(refusal(numberedClasses(1000), words).hint).toContain('skein import --class-names FILE');
  expect(refusal(animals, numberedClasses(3)).hint).toContain('classes.txt');
  expect(match(numberedClasses(10), numberedClasses(8))).toMatchObject({ by: 'name', note: expect.any(String) });
});

it('takes positions where somebody says so, but not of another number of classes', () => {
  expect(match(digits, words, { classesByPosition: true })).toMatchObject({
    by: 'position',
    places: digits.map(Number),
    note: expect.stringContaining('by position, as asked for: `eight` counts as `0`, '),
  });
  // also against the names
  expect(match(['b', 'a'], ['a', 'b'], { classesByPosition: true })).toMatchObject({
    places: [0, 1],
    note: expect.stringContaining('`a` counts as `b`'),
  });
  expect(match(animals, animals, { classesByPosition: true }).note).toBeUndefined();
  expect(refusal(digits, words.slice(1), { classesByPosition: true }).message).toBe(
    'photos/test: expected as many classes as the network has, 10, since positions are to count, but got 9',
  );
});

it('refuses a name that the network has for two classes', () => {
  const { message } = refusal(['crane', 'heron', 'crane'], ['crane', 'heron']);
  expect(message).toContain('`crane` is the name of its classes 0 and 2');
});
