import { readFile } from 'node:fs/promises';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it, test } from 'vitest';
import { defineProgram, Graph, relu } from '../ir/index.ts';
import { CheckpointError, type Tensor, tensor } from '../tensor/index.ts';
import { portableLowerings, readOnnxWeights, toOnnx } from './index.ts';

const testdata = (name: string) => readFile(new URL(`testdata/${name}`, import.meta.url));
const shapes = (tensors: ReadonlyMap<string, Tensor>) =>
  [...tensors].map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape}]`);

/** What tests/torch-onnx.py fills its parameters with. */
const eighths = (count: number) => Float32Array.from({ length: count }, (_, i) => ((i * 7) % 61) / 8 - 3);

describe("a file of PyTorch's exporter", () => {
  it('gives the weights under the names of the state dict, also those that it wrote once for several', async () => {
    const { tensors, metadata, producer, halves, doubles } = readOnnxWeights(await testdata('torch.onnx'));
    expect([halves, doubles]).toEqual([['halves'], ['doubles']]);
    expect(producer).toBe('pytorch 1.13.0');
    expect(metadata).toEqual({});
    expect(shapes(tensors).sort()).toEqual([
      'bn.bias float32 [2]',
      'bn.running_mean float32 [2]',
      'bn.running_var float32 [2]',
      'bn.weight float32 [2]',
      'conv.weight float32 [2,1,3,3]',
      'doubles float32 [2,1]',
      'fc.bias float32 [3]',
      'fc.weight float32 [3,8]',
      'halves float32 [2]',
      'steps int64 []',
    ]);
    expect(tensors.get('conv.weight')?.data).toEqual(eighths(18));
    expect(tensors.get('fc.weight')?.data).toEqual(eighths(24));
    expect(tensors.get('bn.running_var')?.data).toEqual(eighths(2).map(Math.abs));
    expect(tensors.get('bn.bias')).toBe(tensors.get('bn.weight'));
    expect(tensors.get('halves')?.data).toEqual(Float32Array.of(0.5, -2));
    expect(tensors.get('doubles')?.data).toEqual(Float32Array.of(0.1, 3));
    expect(tensors.get('steps')?.data).toEqual(BigInt64Array.of(2n ** 40n + 1n));
  });

  it('that folded batch norms away gives the names that it made up', async () => {
    const { tensors } = readOnnxWeights(await testdata('torch-folded.onnx'));
    expect(shapes(tensors)).toContain('onnx::Conv_24 float32 [2,1,3,3]');
    expect(shapes(tensors)).toContain('fc.weight float32 [3,8]');
  });
});

test("a file of Skein's own gives its initialisers and metadata", () => {
  const graph = new Graph({ training: false });
  const weights = tensor('float32', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
  const y = relu(graph.constant(weights));
  const program = defineProgram({ name: 'p', graph, outputs: new Map([['y', y]]), updates: new Map() });
  const { bytes } = toOnnx(program, { lowerings: portableLowerings, metadata: { network: 'p', ['__proto__']: 'q' } });
  const found = readOnnxWeights(bytes);
  expect([...found.tensors.values()]).toEqual([weights]);
  expect(Object.entries(found.metadata)).toEqual([
    ['network', 'p'],
    ['__proto__', 'q'],
  ]);
});

type Field = readonly [number, bigint | number | string | Uint8Array];

/** A message of varints and length-delimited fields. */
function message(...fields: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [number, value] of fields) {
    if (typeof value === 'string') writer.tag(number, WireType.LengthDelimited).string(value);
    else if (typeof value === 'object') writer.tag(number, WireType.LengthDelimited).bytes(value);
    else writer.tag(number, WireType.Varint).int64(BigInt(value));
  }
  return writer.finish();
}

const model = (graph: readonly Field[]) =>
  message([1, 8], [7, message(...graph)], [8, message([2, 17])], [14, message([1, 'k'], [2, 'v'])]);

const withTensor = (...fields: readonly Field[]) => model([[5, message(...fields)]]);

const bytesOf = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer as ArrayBuffer);
const packed = (...numbers: readonly (number | bigint)[]) => {
  const writer = new BinaryWriter();
  for (const number of numbers) writer.int64(BigInt(number));
  return writer.finish();
};

function failure(file: Uint8Array): CheckpointError {
  try {
    readOnnxWeights(file);
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('an initialiser', () => {
  const read = (type: number, dims: readonly number[], ...data: readonly Field[]) =>
    readOnnxWeights(withTensor(...dims.map((dim): Field => [1, dim]), [2, type], [8, 'w'], ...data)).tensors.get('w');

  it.each<[string, number, Field, Tensor['dtype'], readonly number[]]>([
    ['float32', 1, [9, bytesOf(Float32Array.of(1, -2.5))], 'float32', [1, -2.5]],
    ['float32 in a list', 1, [4, bytesOf(Float32Array.of(1, -2.5))], 'float32', [1, -2.5]],
    ['uint8', 2, [9, Uint8Array.of(1, 255)], 'uint8', [1, 255]],
    ['uint8 in a list', 2, [5, packed(1, 255)], 'uint8', [1, 255]],
    ['int8', 3, [9, Uint8Array.of(1, 255)], 'int32', [1, -1]],
    ['int8 in a list', 3, [5, packed(1, -1)], 'int32', [1, -1]],
    ['uint16', 4, [9, bytesOf(Uint16Array.of(1, 65535))], 'int32', [1, 65535]],
    ['int16', 5, [9, bytesOf(Int16Array.of(1, -3))], 'int32', [1, -3]],
    ['int16 in a list', 5, [5, packed(1, -3)], 'int32', [1, -3]],
    ['int32', 6, [9, bytesOf(Int32Array.of(7, -(2 ** 31)))], 'int32', [7, -(2 ** 31)]],
    ['int32 in a list', 6, [5, packed(7, -(2 ** 31))], 'int32', [7, -(2 ** 31)]],
    ['bool', 9, [9, Uint8Array.of(0, 2)], 'bool', [0, 1]],
    ['float16', 10, [9, bytesOf(Uint16Array.of(0x3c00, 0xc000))], 'float32', [1, -2]],
    ['float16 in a list', 10, [5, packed(0x3c00, 0xc000)], 'float32', [1, -2]],
    ['float64', 11, [9, bytesOf(Float64Array.of(0.5, 1e300))], 'float32', [0.5, Number.POSITIVE_INFINITY]],
    ['float64 in a list', 11, [10, bytesOf(Float64Array.of(0.5, 3))], 'float32', [0.5, 3]],
    ['bfloat16', 16, [9, bytesOf(Uint16Array.of(0x3f80, 0xc000))], 'float32', [1, -2]],
  ])('of %s is read', (_, type, data, dtype, values) => {
    const found = read(type, [2], data);
    expect([found?.dtype, found?.shape, [...(found?.data ?? [])]]).toEqual([dtype, [2], values]);
  });

  it('is named where its precision was another', () => {
    const [half, double] = [bytesOf(Uint16Array.of(0x3c00)), bytesOf(Float64Array.of(1 / 3))];
    const found = readOnnxWeights(
      model([
        [5, message([2, 10], [8, 'h'], [9, half])],
        [5, message([2, 16], [8, 'b'], [9, half])],
        [5, message([2, 11], [8, 'd'], [9, double])],
        [5, message([2, 1], [8, 'f'], [9, bytesOf(Float32Array.of(1))])],
        [1, message([1, 'd'], [2, 'e'], [4, 'Identity'])],
      ]),
    );
    expect([found.halves, found.doubles]).toEqual([
      ['h', 'b'],
      ['d', 'e'],
    ]);
  });

  it('of int64 or uint32 is read as int64', () => {
    expect(read(7, [2], [7, packed(-1, 2n ** 62n)])?.data).toEqual(BigInt64Array.of(-1n, 2n ** 62n));
    expect(read(7, [2], [9, bytesOf(BigInt64Array.of(-1n, 5n))])?.data).toEqual(BigInt64Array.of(-1n, 5n));
    expect(read(12, [2], [11, packed(1, 2 ** 32 - 1)])?.data).toEqual(BigInt64Array.of(1n, 2n ** 32n - 1n));
    expect(read(12, [1], [9, bytesOf(Uint32Array.of(2 ** 32 - 1))])?.data).toEqual(BigInt64Array.of(2n ** 32n - 1n));
  });

  it('may be a scalar, empty, or a list that is not packed', () => {
    expect(read(1, [], [9, bytesOf(Float32Array.of(3))])).toEqual(tensor('float32', [], Float32Array.of(3)));
    expect(read(1, [3, 0])).toEqual(tensor('float32', [3, 0], new Float32Array()));
    expect(read(6, [2], [5, 4], [5, 9])?.data).toEqual(Int32Array.of(4, 9));
  });

  it('is a view of the file where its bytes are aligned, and right where they are not', () => {
    for (const name of ['w', 'ww', 'www', 'wwww']) {
      const file = withTensor([1, 2], [2, 1], [8, name], [9, bytesOf(Float32Array.of(1, 2))]);
      expect(readOnnxWeights(Buffer.from(file)).tensors.get(name)?.data).toEqual(Float32Array.of(1, 2));
    }
  });
});

const four = bytesOf(Float32Array.of(1));
const big = 2n ** 62n;

describe('a file that is wrong', () => {
  it.each<[string, Uint8Array, string]>([
    ['is empty', new Uint8Array(), 'these 0 bytes are none'],
    ['is a page', new TextEncoder().encode('<!doctype html><title>Not found</title>'), 'expected an ONNX model'],
    ['is no model', message([1, 8]), 'these 2 bytes are none'],
    ['holds no weights', model([[2, 'empty']]), 'expected weights, but the graph has no initialisers'],
    ['has a graph of another kind', message([1, 8], [7, 3]), 'field 7 is of another kind'],
    ['has a name that is not UTF-8', withTensor([8, Uint8Array.of(0xff, 0xfe)]), 'no such message'],
    ['has no name', withTensor([1, 1], [2, 1], [9, four]), 'expected a name for every initialiser'],
    ['has an unknown element type', withTensor([2, 8], [8, 'w']), 'initialiser "w": expected an element type that'],
    ['has negative sizes', withTensor([1, -1], [1, -1], [2, 1], [8, 'w'], [9, four]), 'got [-1, -1]'],
    ['has sizes of 2⁶²', withTensor([1, big], [2, 1], [8, 'w'], [9, four]), 'got [4611686018427387904]'],
    ['has sizes that overflow', withTensor([1, 2 ** 32], [1, 2 ** 32], [2, 1], [8, 'w'], [9, four]), 'got only 1'],
    [
      'has sizes that overflow around a zero',
      withTensor(...Array.from({ length: 60 }, (): Field => [1, 2n ** 53n - 1n]), [1, 0], [2, 1], [8, 'w'], [9, four]),
      'expected 0 numbers',
    ],
    ['has too few bytes', withTensor([1, 2], [2, 1], [8, 'w'], [9, four]), 'expected 2 numbers for [2], got only 1'],
    [
      'has too many bytes',
      withTensor([2, 9], [8, 'w'], [9, four]),
      'expected 1 numbers of bool for [], got 4 in 4 bytes',
    ],
    ['has half a number', withTensor([2, 1], [8, 'w'], [9, four.subarray(1)]), 'got only 0.75'],
    ['has no numbers', withTensor([1, 5], [2, 1], [8, 'w']), 'expected 5 numbers for [5], got only 0'],
    ['has half a number in a list', withTensor([2, 1], [8, 'w'], [4, four.subarray(1)]), 'got only 0.75'],
    ['has more axes than any tensor', withTensor([1, new Uint8Array(1e6)], [8, 'w']), 'more than 64 axes'],
    ['has its numbers elsewhere', withTensor([8, 'w'], [13, message([1, 'location'])], [14, 1]), 'external data'],
    ['has a segment', withTensor([3, message([1, 0])], [8, 'w']), 'expected a whole tensor'],
    ['has a sparse initialiser', model([[15, message()]]), 'expected dense initialisers'],
    [
      'has a name twice',
      model([0, 1].map((): Field => [5, message([2, 1], [8, 'w'], [9, four])])),
      'got "w" twice, [] and []',
    ],
  ])('because it %s is refused in words', (_, file, words) => {
    const { message, hint } = failure(file);
    expect(message).toMatch(/^onnx: /);
    expect(message).toContain(words);
    expect(message).not.toContain('\n');
    expect(hint).toBeDefined();
  });

  it('because it was cut off is refused wherever it was cut', async () => {
    const bytes = await testdata('torch.onnx');
    for (let length = 0; length < bytes.length - 20; length += 7)
      expect(failure(bytes.subarray(0, length)).message).toContain('expected an ONNX model');
  });

  it('because it has more entries than any network is refused before they fill the memory', () => {
    const small = (i: number) => message([5, message([1, 0], [2, 1], [8, `${i}`])]);
    const graph = Buffer.concat(Array.from({ length: 100_001 }, (_, i) => small(i)));
    expect(failure(message([1, 8], [7, graph])).message).toBe('onnx: expected at most 100000 initialisers, got more');
  });

  it('because its groups are nested without end is refused', () => {
    const start = (20 << 3) | WireType.StartGroup;
    const file = new Uint8Array(2e6);
    for (let i = 0; i < file.length; i += 2) file.set([(start & 0x7f) | 0x80, start >> 7], i);
    expect(failure(file).message).toContain('maximum recursion depth');
  });
});
