import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  Random,
  type Tensor,
  tensor,
  viewBytes,
} from './index.ts';

const utf8 = new TextEncoder();

/** A file with a header of one's own choosing, right or wrong. */
function fileOf(header: string, dataBytes = 0, headerLength = utf8.encode(header).length): Uint8Array {
  const text = utf8.encode(header);
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(text, 8);
  return file;
}

const withTensor = (entry: string, dataBytes = 4) => fileOf(`{"x":${entry}}`, dataBytes);

function failure(file: Uint8Array): CheckpointError {
  try {
    decodeSafetensors(file);
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

const anyTensor: fc.Arbitrary<Tensor> = fc
  .tuple(
    fc.constantFrom('float32', 'float64', 'int32', 'int64', 'uint8', 'bool'),
    fc.array(fc.nat({ max: 4 }), { maxLength: 4 }),
    fc.integer(),
  )
  .map(([dtype, shape, seed]) => {
    const random = new Random(seed);
    const size = shape.reduce((product, extent) => product * extent, 1);
    const bits = dtype === 'bool' ? 1 : 255;
    const bytes = Uint8Array.from(
      { length: size * viewBytes(dtype, new Uint8Array(8)).BYTES_PER_ELEMENT },
      () => random.bits() & bits,
    );
    return tensor(dtype, shape, viewBytes(dtype, bytes)) as Tensor;
  });

const anyTensors = fc
  .uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), anyTensor), { selector: ([name]) => name, maxLength: 6 })
  .map((entries) => new Map(entries));

const bytesOf = ({ data }: Tensor) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

describe('safetensors', () => {
  it('gives back every tensor and all metadata', () => {
    fc.assert(
      fc.property(anyTensors, fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
        const decoded = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect(new Map(Object.entries(decoded.metadata))).toEqual(new Map(Object.entries(metadata)));
        expect([...decoded.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
        for (const [name, expected] of tensors) {
          const actual = decoded.tensors.get(name) as Tensor;
          expect([actual.dtype, actual.shape]).toEqual([expected.dtype, expected.shape]);
          expect(actual.data.constructor).toBe(expected.data.constructor);
          // Compared as bytes, because NaN has many.
          expect(bytesOf(actual)).toEqual(bytesOf(expected));
        }
      }),
    );
  });

  it('gives equal bytes for equal content in any order', () => {
    fc.assert(
      fc.property(anyTensors, (tensors) => {
        const reversed = new Map([...tensors].reverse());
        expect(encodeSafetensors(reversed, { b: '2', a: '1' })).toEqual(encodeSafetensors(tensors, { a: '1', b: '2' }));
      }),
    );
  });

  it('aligns every tensor, larger elements first', () => {
    const bytes = encodeSafetensors(
      new Map<string, Tensor>([
        ['a', tensor('uint8', [3], new Uint8Array([1, 2, 3]))],
        ['b', tensor('float32', [1], new Float32Array([0.5]))],
        ['c', tensor('int64', [1], new BigInt64Array([-1n]))],
        ['10', tensor('float32', [], new Float32Array([2]))],
      ]),
      { note: 'ü' },
    );
    expect(new TextDecoder().decode(bytes.subarray(8, bytes.length - 19)).trimEnd()).toBe(
      '{"__metadata__":{"note":"ü"},"c":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},' +
        '"10":{"dtype":"F32","shape":[],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},' +
        '"a":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}}',
    );
    expect((bytes.length - 19) % 8).toBe(0);
  });

  it('views aligned bytes and copies unaligned ones, also from a Buffer', () => {
    const bytes = encodeSafetensors(new Map([['x', tensor('float32', [2], new Float32Array([1, 2]))]]));
    expect(decodeSafetensors(bytes).tensors.get('x')?.data.buffer).toBe(bytes.buffer);
    const shifted = Buffer.alloc(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(decodeSafetensors(shifted.subarray(1)).tensors.get('x')?.data).toEqual(new Float32Array([1, 2]));
  });

  it('reads F16 and BF16 as float32', () => {
    const halves = (dtype: string, ...bits: number[]) => {
      const file = withTensor(`{"dtype":"${dtype}","shape":[${bits.length}],"data_offsets":[0,${2 * bits.length}]}`, 0);
      return decodeSafetensors(
        Uint8Array.from([...file, ...new Uint8Array(Uint16Array.from(bits).buffer)]),
      ).tensors.get('x');
    };
    expect(
      halves('F16', 0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x8000, 0x7c00, 0xfc00, 0x7e00, 0x3555),
    ).toEqual(
      tensor(
        'float32',
        [11],
        new Float32Array([
          1,
          -2,
          65504,
          2 ** -14,
          2 ** -24,
          -1023 * 2 ** -24,
          -0,
          Infinity,
          -Infinity,
          NaN,
          1365 / 4096,
        ]),
      ),
    );
    expect(halves('BF16', 0x3f80, 0xc000, 0x0001, 0xff80, 0x7fc0, 0x4049)?.data).toEqual(
      new Float32Array([1, -2, 2 ** -133, -Infinity, NaN, 3.140625]),
    );
  });

  it('treats names of object properties like any other name', () => {
    const x = tensor('uint8', [1], new Uint8Array([7]));
    const names = ['__proto__', 'constructor', 'toString', '7', ''];
    const bytes = encodeSafetensors(new Map(names.map((name) => [name, x])), JSON.parse('{"__proto__":"m"}'));
    const { tensors, metadata } = decodeSafetensors(bytes);
    expect([...tensors.keys()].sort()).toEqual(names.sort());
    expect(Object.entries(metadata)).toEqual([['__proto__', 'm']]);
    expect(failure(withTensor('{"dtype":"constructor","shape":[],"data_offsets":[0,4]}')).message).toContain(
      'known dtype',
    );
  });

  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'expected at least 8 bytes, got 0'],
    ['a header longer than the file', fileOf('{}', 0, 3), 'expected a header of at most 2 bytes, got 3'],
    ['a header length of 2⁶⁴ − 1', new Uint8Array(16).fill(255), 'got 18446744073709551615'],
    ['an empty header', fileOf(''), 'starts with `{`'],
    ['a header that is a list', fileOf('[]'), 'starts with `{`'],
    ['a header that is not JSON', fileOf('{"a":'), 'UTF-8 JSON'],
    ['a header that is not UTF-8', fileOf('{"a":1}').fill(0xff, 10, 11), 'UTF-8 JSON'],
    ['a name given twice', fileOf('{"a\\u0062" : 1, "ab":2}'), 'expected every key once, got "ab" twice'],
    ['a field given twice', withTensor('{"dtype":"F32","dtype":"I32"}'), 'got "dtype" twice'],
    ['a tensor that is a list', withTensor('[1]'), 'tensor `x`: expected an object, got [1]'],
    [
      'an unknown dtype',
      withTensor('{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}'),
      'a known dtype, got "F8_E4M3"',
    ],
    ['no shape', withTensor('{"dtype":"F32","data_offsets":[0,4]}'), 'a shape of integers >= 0, got undefined'],
    ['a negative extent', withTensor('{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}'), 'got [-1, -1]'],
    ['a fraction as extent', withTensor('{"dtype":"F32","shape":[0.5,2],"data_offsets":[0,4]}'), 'got [0.5, 2]'],
    [
      'a product beyond 2⁵³',
      withTensor('{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}'),
      'a possible shape',
    ],
    ['three offsets', withTensor('{"dtype":"F32","shape":[],"data_offsets":[0,4,4]}'), 'data_offsets of two integers'],
    [
      'offsets in reverse',
      withTensor('{"dtype":"F32","shape":[],"data_offsets":[4,0]}'),
      'in order and within 4 bytes, got [4, 0]',
    ],
    [
      'offsets beyond the file',
      withTensor('{"dtype":"F32","shape":[2],"data_offsets":[0,8]}'),
      'within 4 bytes, got [0, 8]',
    ],
    [
      'a shape of other size',
      withTensor('{"dtype":"F32","shape":[2],"data_offsets":[0,4]}'),
      'expected 8 bytes for F32 [2], got 4',
    ],
    [
      'a hole',
      withTensor('{"dtype":"F32","shape":[],"data_offsets":[4,8]}', 8),
      'to begin at byte 0, where the tensor before it ends, got 4',
    ],
    [
      'an overlap',
      fileOf(
        '{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}',
        6,
      ),
      'tensor `y`: expected to begin at byte 4',
    ],
    [
      'bytes after the last tensor',
      withTensor('{"dtype":"F32","shape":[],"data_offsets":[0,4]}', 5),
      'expected 4 bytes of tensors, as the header says, got 5',
    ],
    ['metadata that is not text', fileOf('{"__metadata__":{"epoch":3}}'), 'metadata "epoch": expected a string, got 3'],
    ['metadata that is a list', fileOf('{"__metadata__":[]}'), 'expected __metadata__ to be an object'],
    [
      'a BOOL byte of 2',
      Uint8Array.from([...withTensor('{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}', 0), 2]),
      'BOOL bytes of 0 or 1, got 2',
    ],
  ])('refuses %s', (_, file, message) => {
    const error = failure(file);
    expect(error.message).toContain(message);
    expect(error.hint).toBeTruthy();
  });

  it('lists the dtypes it knows', () => {
    expect(failure(withTensor('{"dtype":"I16","shape":[2],"data_offsets":[0,4]}')).hint).toBe(
      'known: F64, F32, I64, I32, U8, BOOL, F16, BF16',
    );
  });

  it('keeps messages short and printable for hostile names and deep nesting', () => {
    const name = failure(fileOf(`{"${'\\u001b'.repeat(1000)}":1}`)).message;
    expect(name.length).toBeLessThan(600);
    expect(name).not.toContain('\u001b');
    const depth = 200_000;
    const nested = withTensor(`{"dtype":"F32","shape":${'['.repeat(depth)}${']'.repeat(depth)},"data_offsets":[0,4]}`);
    expect(failure(nested).message.length).toBeLessThan(200);
  });

  it('refuses to write what it would refuse to read', () => {
    const write = (name: string, x: Tensor) => () => encodeSafetensors(new Map([[name, x]]));
    expect(write('x', { dtype: 'float32', shape: [3], data: new Float32Array(2) })).toThrow(
      'expected 12 bytes for F32 [3], got 8',
    );
    expect(write('x', { dtype: 'uint8', shape: [-1, -1], data: new Uint8Array(1) })).toThrow(CheckpointError);
    expect(write('x', { dtype: 'bool', shape: [1], data: new Uint8Array([3]) })).toThrow('BOOL bytes of 0 or 1, got 3');
    expect(write('__metadata__', tensor('uint8', [0], new Uint8Array(0)))).toThrow('expected another name');
  });
});
