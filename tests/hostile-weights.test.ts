/**
 * Weight files from anywhere, damaged at random and made to attack: whoever reads one gets tensors, no larger than the file allows,
 * or one line that says what is wrong. The damage is the same at every run; a failure names the mutation.
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, it, test } from 'vitest';
import { readOnnxWeights } from '../src/onnx/index.ts';
import {
  CheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  Random,
  SkeinError,
  sizeOf,
  type Tensor,
  tensor,
} from '../src/tensor/index.ts';
import { readTorchFile } from '../src/torch/index.ts';
import { readStored, readZipDirectory } from '../src/torch/stored-zip.ts';
import { mutated } from './mutated.ts';
import { zipOf } from './zip-of.ts';

type Read = (file: Uint8Array) => { readonly tensors: ReadonlyMap<string, Tensor> };

/** More than a file's bytes times `factor` plus `bytes` is too much. */
interface Reader {
  readonly read: Read;
  readonly factor: number;
  readonly bytes: number;
}

const safetensors: Reader = { read: decodeSafetensors, factor: 2, bytes: 0 };
// one element may stand for many, up to a limit
const torch: Reader = { read: readTorchFile, factor: 10, bytes: 2 ** 24 };
// a number in a list takes a byte or more, and eight as int64
const onnx: Reader = { read: readOnnxWeights, factor: 8, bytes: 0 };

/** Reads a file that may be anything. @returns undefined where it was read, the refusal where not */
function outcome({ read, factor, bytes }: Reader, file: Uint8Array): SkeinError | undefined {
  let tensors: ReadonlyMap<string, Tensor>;
  try {
    ({ tensors } = read(file));
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error;
    expect(error.message).toMatch(/^(safetensors|torch file|onnx): [^\n\r]{1,2000}$/);
    return error;
  }
  const buffers = new Set<ArrayBufferLike>();
  for (const [name, { shape, data }] of tensors) {
    expect(data.length, name).toBe(sizeOf(shape));
    buffers.add(data.buffer);
  }
  buffers.delete(file.buffer);
  const built = [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0);
  expect(built).toBeLessThanOrEqual(factor * file.length + bytes);
  return undefined;
}

const testdata = async (path: string) => new Uint8Array(await readFile(new URL(`../src/${path}`, import.meta.url)));

const small = encodeSafetensors(
  new Map<string, Tensor>([
    ['stage1.weight', tensor('float32', [2, 3], new Float32Array([1, 2, 3, 4, 5, 6]))],
    ['step', tensor('int64', [], new BigInt64Array([12n]))],
    ['mask', tensor('bool', [3], new Uint8Array([1, 0, 1]))],
  ]),
  { classes: '["cat","dog"]' },
);

/** With a length that is right for a header that is not. */
function withHeader(header: Uint8Array, data: Uint8Array): Uint8Array {
  const file = new Uint8Array(8 + header.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  file.set(data, 8 + header.length);
  return file;
}

const headerBytes = Number(new DataView(small.buffer).getBigUint64(0, true));
const [header, data] = [small.slice(8, 8 + headerBytes), small.slice(8 + headerBytes)];
const zipped = await testdata('torch/testdata/tensors-zip.pth');
const entries = [...readZipDirectory(zipped).values()].map((entry): [string, Uint8Array] => [
  entry.name,
  readStored(zipped, entry),
]);
const objects = await testdata('torch/testdata/beside-2.pkl');
const around = (pickle: Uint8Array) =>
  zipOf([
    ['m/data.pkl', pickle],
    ['m/data/0', new Uint8Array(32)],
  ]);
const legacy = await testdata('torch/testdata/tensors-legacy.pth');
const exported = await testdata('onnx/testdata/torch.onnx');
const folded = await testdata('onnx/testdata/torch-folded.onnx');

/** A length-delimited field of protobuf. */
function field(number: number, content: Uint8Array): Buffer {
  const length = [];
  for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
    length.push((rest % 128) | (rest >= 128 ? 128 : 0));
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.of(number * 8 + 2, ...length), content]);
}

const ascii = (text: string) => Buffer.from(text, 'latin1');
const name = field(8, ascii('w'));
/** Lengths that are right around initialisers that are not. */
const model = (...initialisers: Uint8Array[]) =>
  new Uint8Array(
    Buffer.concat([
      ascii('\x08\x08'),
      field(7, Buffer.concat(initialisers.map((each) => field(5, each)))),
      field(8, ascii('\x10\x11')),
    ]),
  );
const floats = Buffer.concat([ascii('\x08\x02\x08\x03\x10\x01'), name, field(9, Buffer.alloc(24, 1))]);
const integers = Buffer.concat([
  ascii('\x0a\x01\x04\x10\x07'),
  field(7, ascii('\x01\x02\x03\x84\x05')),
  field(8, ascii('steps')),
]);

describe('a file that is damaged at random', () => {
  it.each<[string, Reader, number, (random: Random) => Uint8Array]>([
    ['safetensors', safetensors, 2500, (random) => mutated(small, random)],
    [
      'safetensors whose header has its length',
      safetensors,
      2500,
      (random) => withHeader(mutated(header, random), data),
    ],
    ['PyTorch, zip', torch, 1500, (random) => mutated(zipped, random)],
    [
      'PyTorch, zip whose pickle has its checksum',
      torch,
      2500,
      (random) =>
        zipOf(entries.map(([path, content]) => [path, path.endsWith('data.pkl') ? mutated(content, random) : content])),
    ],
    ['PyTorch, with objects beside the weights', torch, 2500, (random) => around(mutated(objects, random))],
    ['PyTorch, older layout', torch, 2000, (random) => mutated(legacy, random)],
    ['ONNX', onnx, 1500, (random) => mutated(exported, random)],
    ['ONNX with folded weights', onnx, 1000, (random) => mutated(folded, random)],
    [
      'ONNX whose initialisers have their lengths',
      onnx,
      2500,
      (random) => model(mutated(floats, random), mutated(integers, random)),
    ],
  ])('gives tensors or a reason: %s', (kind, reader, count, make) => {
    const seeds = new Random(`hostile ${kind}`);
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const file = make(seeds.fork(i));
      try {
        if (outcome(reader, file)) refused++;
      } catch (error) {
        throw new Error(`${kind}, mutation ${i}: ${(error as Error).message}`, { cause: error });
      }
    }
    // a test that only ever sees one of the two would say little
    expect(refused).toBeGreaterThan(count / 10);
    expect(count - refused).toBeGreaterThan(count / 200);
  });
});

const text = (value: string) => `\x8c${String.fromCharCode(value.length)}${value}`;

/** The object's pickle in a zip, and after the older layout's three. */
const inZip = (pickle: string) => zipOf([['m/data.pkl', ascii(`\x80\x02${pickle}`)]]);
const inLegacy = (pickle: string) =>
  new Uint8Array(ascii(`\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}q\x00.\x80\x02${pickle}`));

describe('a pickle that calls', () => {
  it.each([
    ['os.system', `cos\nsystem\n(${text('id')}tR.`],
    ['builtins.eval', `cbuiltins\neval\n(${text('1')}tR.`],
    ['builtins.getattr', `cbuiltins\ngetattr\n(${text('os')}${text('system')}tR.`],
    ['copyreg._reconstructor', 'ccopyreg\n_reconstructor\n(NNNtR.'],
    ['importlib.import_module', `${text('importlib')}${text('import_module')}\x93(${text('os')}tR.`],
    ['torch.os.system', `${text('torch')}${text('os.system')}\x93(${text('id')}tR.`],
    ['torch.storage._load_from_bytes', 'ctorch.storage\n_load_from_bytes\n(C\x00tR.'],
    ['torch.hub.load', `ctorch.hub\nload\n(${text('a/b')}tR.`],
    ['functools.partial', 'cfunctools\npartial\n(NtR.'],
  ])('%s gives nothing, in both layouts, and is named', (called, pickle) => {
    // the older layout has a list of storages behind its object
    for (const file of [inZip(pickle), inLegacy(`${pickle}\x80\x02].`)])
      expect(outcome(torch, file)?.message).toContain(`"${called}"`);
  });

  it('nothing, but remembers at places far apart and repeats what it remembers, is small in memory', () => {
    const places = Array.from({ length: 1000 }, (_, i) => `Nr${String.fromCharCode(i % 256)}\xff\xff\xff0`).join('');
    const doubling = `]q\x00${'(h\x00h\x00h\x00h\x00lq\x00'.repeat(1000)}`;
    for (const pickle of [`${places}}.`, `${doubling}.`])
      for (const file of [inZip(pickle), inLegacy(pickle)])
        expect(outcome(torch, file)).toBeInstanceOf(CheckpointError);
  });
});

describe('a zip', () => {
  /** A good archive with 64-bit sizes, with 8 bytes of its end replaced; positions count from the end. */
  const wide = (fromEnd: number, value: bigint) => {
    const file = Buffer.from(zipOf(entries, { wide: true }));
    file.writeBigUInt64LE(value, file.length - fromEnd);
    return new Uint8Array(file);
  };

  it.each([
    // the record of 56 bytes, the locator of 20 and the end of 22
    ['2⁶⁰ entries', 22 + 20 + 56 - 32, 2n ** 60n],
    ['no entries', 22 + 20 + 56 - 32, 0n],
    ['a directory at 2⁶³', 22 + 20 + 8, 2n ** 63n],
    ['a directory at 2⁶⁴ − 1', 22 + 20 + 8, 2n ** 64n - 1n],
    ['a record at 2⁶³', 22 + 12, 2n ** 63n],
    ['a record that is itself the locator', 22 + 12, BigInt(zipOf(entries, { wide: true }).length - 42)],
  ])('that claims %s is refused', (_, fromEnd, value) => {
    expect(outcome(torch, wide(fromEnd, value))).toBeInstanceOf(CheckpointError);
  });

  it('whose entries unfold, or claim to be larger than the file, is refused', () => {
    for (const sizes of [2 ** 31, 2 ** 32 - 1 - 10_000])
      expect(outcome(torch, zipOf(entries, { sizes }))).toBeInstanceOf(CheckpointError);
    expect(outcome(torch, zipOf(entries, { method: 8 }))?.message).toContain('it is compressed');
    const file = Buffer.from(zipOf(entries, { wide: true }));
    // of the first entry, the pickle: both sizes and the place of the entry
    const extra = file.indexOf(Buffer.of(1, 0, 24, 0), file.indexOf('PK\x01\x02'));
    for (const at of [4, 12, 20]) {
      const changed = Buffer.from(file);
      changed.writeBigUInt64LE(2n ** 63n, extra + at);
      expect(outcome(torch, new Uint8Array(changed))).toBeInstanceOf(CheckpointError);
    }
  });
});

test('a safetensors file that claims what it does not have is refused', () => {
  const long = small.slice();
  new DataView(long.buffer).setBigUint64(0, 2n ** 63n, true);
  expect(outcome(safetensors, long)?.message).toContain('got 9223372036854775808');
  const claims = [
    '{"x":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4]}}',
    '{"x":{"dtype":"F32","shape":[1e308,1e308],"data_offsets":[0,4]}}',
    '{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,9007199254740993]}}',
    '{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}',
    '{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
    `{"x":{"dtype":"F32","shape":[${'1,'.repeat(100_000)}2],"data_offsets":[0,4]}}`,
  ];
  for (const claim of claims)
    expect(outcome(safetensors, withHeader(ascii(claim), new Uint8Array(4))), claim.slice(0, 80)).toBeInstanceOf(
      CheckpointError,
    );
});

test('an ONNX file that claims what it does not have, or points elsewhere, is refused', () => {
  const huge = ascii(`\x08${'\x80'.repeat(8)}\x40`); // 2⁶²
  const minus = ascii(`\x08${'\xff'.repeat(9)}\x01`);
  const four = field(9, Buffer.alloc(4));
  const location = Buffer.concat([field(1, ascii('location')), field(2, ascii('../../etc/passwd'))]);
  const claims: readonly (readonly Uint8Array[])[] = [
    [huge, four],
    [huge, huge, four],
    [huge, ascii('\x08\x00')],
    [minus, four],
    [minus, minus, four],
    [ascii('\x0a\xff\xff\xff\xff\x07')],
    [ascii('\x4a\xff\xff\xff\xff\x0f')],
    [ascii('\x08\x01\x22\x02\x00\x00')],
    [field(13, location), ascii('\x70\x01')],
  ];
  for (const claim of claims)
    expect(outcome(onnx, model(Buffer.concat([ascii('\x10\x01'), name, ...claim])))).toBeInstanceOf(CheckpointError);
  expect(outcome(onnx, model(Buffer.concat([ascii('\x10\x01'), name, four])))).toBeUndefined();
});
