/** What a file from anywhere may contain: every refusal is in words, nothing runs, hangs or grows. Damage at random: tests/hostile-weights.test.ts. */
import { describe, expect, it, test } from 'vitest';
import { zipOf } from '../../tests/zip-of.ts';
import { CheckpointError } from '../tensor/index.ts';
import { readTorchFile, type TorchFile } from './index.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer).toString('latin1');
const u64 = (value: bigint) => Buffer.from(BigUint64Array.of(value).buffer).toString('latin1');
const text = (value: string) => `X${u32(value.length)}${value}`;
const integer = (value: number | bigint) =>
  `\x8a\x09${u64(BigInt.asUintN(64, BigInt(value)))}${value < 0 ? '\xff' : '\0'}`;
const tuple = (...items: string[]) => `(${items.join('')}t`;

/** An archive whose object is this pickle; its one storage `0` has four floats. */
const archive = (pickle: string) =>
  zipOf([
    ['m/data.pkl', latin1(`\x80\x02${pickle}`)],
    ['m/data/0', new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)],
  ]);

interface Described {
  readonly key?: string;
  readonly elements?: number | bigint;
  readonly offset?: number | bigint;
  readonly size?: readonly (number | bigint)[];
  readonly stride?: readonly (number | bigint)[];
}

const tensorOf = ({ key = '0', elements = 4, offset = 0, size = [4], stride = [1] }: Described = {}) => {
  const storage = tuple(text('storage'), 'ctorch\nFloatStorage\n', text(key), text('cpu'), integer(elements));
  const view = [integer(offset), tuple(...size.map(integer)), tuple(...stride.map(integer))];
  return `ctorch._utils\n_rebuild_tensor_v2\n${tuple(`${storage}Q`, ...view, '\x89', 'N')}R`;
};
const dictOf = (...entries: [string, string][]) => `}(${entries.map(([key, value]) => text(key) + value).join('')}u`;

function outcome(file: Uint8Array): TorchFile | CheckpointError {
  try {
    return readTorchFile(file);
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
}

function message(pickle: string): string {
  const result = outcome(archive(pickle));
  return result instanceof CheckpointError ? result.message : 'it was accepted';
}

const values = (pickle: string) =>
  [...readTorchFile(archive(pickle)).tensors].map(([name, { data }]) => [name, ...data]);

test('these pickles, written by hand, are read where they are right', () => {
  expect(values(`${dictOf(['w', tensorOf()])}.`)).toEqual([['w', 1, 2, 3, 4]]);
  expect(values(`${dictOf(['w', tensorOf({ offset: 1, size: [2, 3], stride: [1, 0] })])}.`)).toEqual([
    ['w', 2, 2, 2, 3, 3, 3],
  ]);
  // as Python 2 wrote dicts and texts
  const pairs = `](](U\x01w${tensorOf()}ee`;
  expect(values(`ccollections\nOrderedDict\n${tuple(pairs)}R.`)).toEqual([['w', 1, 2, 3, 4]]);
});

describe('a pickle that asks for more than data', () => {
  it.each([
    ['posix.system', `cposix\nsystem\n${tuple(text('id'))}R.`],
    ['__builtin__.eval', `c__builtin__\neval\n${tuple(text('1'))}R.`],
    ['builtins.exec', `\x8c\x08builtins\x8c\x04exec\x93${tuple(text('1'))}R.`],
    ['os.system', '(S"id"\nios\nsystem\n.'],
    ['__main__.Net', '(c__main__\nNet\no.'],
    ['torch._utils.__class__', 'ctorch._utils\n__class__\n.'],
    ['.constructor', 'c\nconstructor\n.'],
    ['__proto__.__proto__', 'c__proto__\n__proto__\n.'],
  ])('by the name %s gives nothing, in the place of weights and beside them', (name, pickle) => {
    const error = outcome(archive(pickle)) as CheckpointError;
    expect(error.message).toContain('expected a dict of named tensors, such as a state_dict, got ');
    expect(error.message).toContain(`"${name}"`);
    expect(error.hint).toContain("torch.save(model.state_dict(), 'weights.pth')");
    const { tensors, leftOver } = readTorchFile(archive(`${dictOf(['x', pickle.slice(0, -1)], ['w', tensorOf()])}.`));
    expect([...tensors.keys()]).toEqual(['w']);
    expect(leftOver).toEqual([{ name: 'x', what: expect.stringMatching(/^(an object of )?"[^"]*"$/) }]);
  });

  it('is absorbed, whatever is put into what it would have made', () => {
    const object = 'ca\nB\n)R';
    for (const more of [
      '}b',
      'Nb',
      `${text('k')}Ns`,
      '(NNu',
      'Na',
      '(NNe',
      '(NN\x90',
      `${dictOf(['w', tensorOf()])}b`,
      '2bN0',
    ])
      expect(values(`${dictOf(['x', object + more], ['w', tensorOf()])}.`)).toEqual([['w', 1, 2, 3, 4]]);
    for (const made of [')R', ')\x81', ')}\x92', '0(ca\nB\nNo', '0(Nia\nB\n'])
      expect(values(`${dictOf(['x', `ca\nB\n${made}`], ['w', tensorOf()])}.`)).toEqual([['w', 1, 2, 3, 4]]);
    expect(message(`${object}(Nu.`)).toContain('expected a value for every key, got one less');
    expect(message(`${object})R.`)).toContain('such as a state_dict, got an object of "a.B"');
    expect(message('ca\nB\nNR.')).toContain('expected a tuple of arguments');
    expect(message('ca\nB\n)N\x92.')).toContain('expected keywords of an object, got None');
  });

  it('costs little, however often it asks', () => {
    const weights = (pickle: string) => `${dictOf(['x', pickle], ['w', tensorOf()])}.`;
    // a long tuple, and what is made of it, again and again
    const long = `ca\nB\nq\x000(${'N'.repeat(100_000)}tq\x010`;
    expect(message(weights(`${long}${'h\x00h\x01R0'.repeat(200_000)}N`))).toBe('it was accepted');
    expect(message(weights(`ca\nB\n)R${'2b'.repeat(200_000)}`))).toBe('it was accepted');
    const half = `\x8c\xfa${'a'.repeat(250)}`;
    expect(message(weights(`${half}${half}\x93`))).toContain(
      'expected a name of at most 250 characters, got one of 501',
    );
    expect(message(`c${'m'.repeat(1_000_000)}\nB\n.`)).toContain('expected a name of at most 250 characters');
  });

  it('is refused where it makes objects of known names, extends the machine, or calls what is no name', () => {
    expect(message('ccollections\nOrderedDict\n)\x81.')).toContain('got an object (NEWOBJ "collections.OrderedDict")');
    expect(message('ccollections\nOrderedDict\n)}\x92.')).toContain('got an object (NEWOBJ "collections.OrderedDict")');
    expect(message('(icollections\nOrderedDict\n.')).toContain('got an object (INST "collections.OrderedDict")');
    expect(message('\x82\x01.')).toContain('expected an instruction at byte 2, got "\x82"');
    expect(message('Psome-id\n.')).toContain('expected an instruction at byte 2, got "P"');
    expect(message('N)R.')).toContain('expected a name to call, got None');
    expect(message('ctorch\nFloatStorage\n)R.')).toContain('expected something to build, got a call');
    expect(message('ccollections\nOrderedDict\n}b.')).toContain('expected attributes of a dict');
    expect(message('\x80\x06N.')).toContain('expected a protocol up to 5, got 6');
  });
});

describe('a size that a pickle claims', () => {
  it('is compared with the file before anything is made of it', () => {
    expect(message(`\x8d${u64(2n ** 60n)}abc.`)).toContain('expected a text of at most 16777216 bytes');
    expect(message(`\x8e${u64(2n ** 60n)}abc.`)).toMatch(/expected 11529215046068[0-9]+ more bytes at byte 11, got 4/);
    expect(message(`\x96${u64(2n ** 64n - 1n)}abc.`)).toContain('more bytes');
    expect(message('X\xff\xff\xff\x00abc.')).toContain('expected 16777215 more bytes');
    expect(message('\x8b\xff\xff\xff\x7f1.')).toContain('expected an integer of at most 255 bytes');
    expect(message(`L${'9'.repeat(1000)}L\n.`)).toContain('expected an integer, got "999');
  });

  it('is compared with the storage where it is a tensor', () => {
    const withTensor = (described: Described) => message(`${dictOf(['w', tensorOf(described)])}.`);
    expect(withTensor({ size: [-1] })).toContain("expected a tensor's sizes to be integers >= 0");
    expect(withTensor({ stride: [-1] })).toContain("expected a tensor's strides to be integers >= 0");
    expect(withTensor({ offset: -4 })).toContain("expected a tensor's offset to be an integer >= 0");
    expect(withTensor({ size: [5] })).toContain('expected a tensor within its storage of 4 elements, got sizes [5]');
    expect(withTensor({ offset: 1 })).toContain('expected a tensor within its storage of 4 elements');
    expect(withTensor({ stride: [2n ** 52n] })).toContain('expected a tensor within its storage of 4 elements');
    expect(withTensor({ size: [2, 2], stride: [1] })).toContain('expected a stride for each of at most 64 axes');
    expect(withTensor({ size: Array(65).fill(1), stride: Array(65).fill(1) })).toContain('at most 64 axes');
    expect(withTensor({ size: [2n ** 63n], stride: [0] })).toContain("expected a tensor's sizes to be integers");
    expect(withTensor({ size: [2n ** 40n], stride: [0] })).toContain('far larger than its storage');
    const sizes = Array(64).fill(2n ** 52n);
    expect(withTensor({ size: sizes, stride: sizes.map(() => 0) })).toContain('far larger than its storage');
    expect(withTensor({ size: [0, 2n ** 52n], stride: [1, 1], offset: 5 })).toContain('within its storage');
    expect(withTensor({ elements: 2n ** 52n, size: [2n ** 40n] })).toContain('far larger than its storage');
    expect(withTensor({ elements: 5, size: [5] })).toBe(
      'torch file: expected at least 20 bytes in storage "0", got 16',
    );
    expect(withTensor({ elements: 2n ** 63n })).toContain(
      'expected a storage, got ("storage", "torch.FloatStorage", "0"',
    );
    expect(withTensor({ key: '../../data.pkl' })).toContain(
      'expected the storage "../../data.pkl" in the zip, got none',
    );
  });

  it('counts for all tensors together', () => {
    const million = tensorOf({ size: [1_000_000], stride: [0] });
    const many = Array.from({ length: 9 }, (_, i): [string, string] => [`w${i}`, million]);
    expect(message(`${dictOf(...many.slice(0, 3))}.`)).toBe('it was accepted');
    expect(message(`${dictOf(...many)}.`)).toContain('far larger than its storage');
  });
});

describe('a pickle that grows from little', () => {
  it('is walked once, however often its parts are repeated', () => {
    const laughs = Array.from({ length: 200 }, () => `]q\x01(${'h\x00'.repeat(50)}eh\x01q\x000`);
    expect(message(`}q\x00${laughs.join('')}${dictOf(['lol', 'h\x00'], ['w', tensorOf()])}.`)).not.toBe('');
    const wide = `]q\x00(${laughs.map(() => `](${'h\x00'.repeat(50)}eq\x00`).join('')}e`;
    expect(message(`${dictOf(['lol', wide], ['w', tensorOf()])}.`)).toBe('it was accepted');
    const doubling = `Nq\x00${'0h\x00h\x00\x86q\x00'.repeat(10_000)}`;
    expect(message(`${dictOf(['lol', doubling], ['w', tensorOf()])}.`)).toBe('it was accepted');
  });

  it('may contain itself', () => {
    expect(message(`${dictOf(['lol', ']q\x00h\x00a'], ['w', tensorOf()])}.`)).toBe('it was accepted');
    expect(message(`}q\x00${text('self')}h\x00s${text('w')}${tensorOf()}s.`)).toBe('it was accepted');
    expect(message(']q\x00h\x00a.')).toContain('expected a dict of named tensors');
  });

  it('may be nested deeply, but not without end', () => {
    const nested = (depth: number) =>
      `${`}${text('k')}`.repeat(depth)}${dictOf(['w', tensorOf()])}${'s'.repeat(depth)}.`;
    expect(readTorchFile(archive(nested(16))).path).toBe(Array(16).fill('k').join('.'));
    expect(message(nested(50_000))).toContain('expected a dict of named tensors');
    expect(message(nested(150_000))).toContain('expected a stack of at most 200000 values');
    expect(message('('.repeat(300_000))).toContain('expected a stack of at most 200000 values');
    expect(message(`${'N0'.repeat(1_500_000)}N.`)).toContain('expected at most 1000000 instructions');
  });

  it('is listed briefly, with its keys cut', () => {
    const key = 'k'.repeat(1_000_000);
    const inner = dictOf(['w', tensorOf()], ...Array.from({ length: 1000 }, (_, i): [string, string] => [`${i}`, 'N']));
    const { path, leftOver } = readTorchFile(archive(`${dictOf([key, inner])}.`));
    expect(path).toBe(`${'k'.repeat(100)}…`);
    expect(leftOver).toHaveLength(1000);
    expect(leftOver[7]).toEqual({ name: `${path}.7`, what: 'None' });
  });

  it('takes nothing from an empty stack, from below a mark, or from a memory that is not there', () => {
    for (const pickle of ['.', '0', '2', 'a', 's', 'u', 't', 'e', '1', '\x85', '\x87', 'R', 'b', 'Q', 'q\x00', '\x94'])
      expect(message(pickle)).toMatch(/expected (one|[0-9]) values? |expected a mark/);
    expect(message('](a.')).toContain('expected 1 values on the stack, got 0');
    expect(message('NN.')).toContain('expected one value at the end, got 2 and 0 marks');
    expect(message('(N.')).toContain('expected one value at the end, got 1 and 1 marks');
    expect(message('h\x05.')).toContain('expected value 5 to be remembered, got none');
    expect(message('j\xff\xff\xff\xff.')).toContain('expected value 4294967295 to be remembered');
    expect(message('N')).toContain('expected 1 more bytes');
  });
});

describe('names of object properties', () => {
  it('are names like any other', () => {
    const names = ['__proto__', 'constructor', 'toString', ''];
    expect(values(`${dictOf(...names.map((name): [string, string] => [name, tensorOf()]))}.`)).toEqual(
      names.map((name) => [name, 1, 2, 3, 4]),
    );
    expect(({} as { w?: unknown }).w).toBeUndefined();
  });
});
