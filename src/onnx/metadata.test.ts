import { describe, expect, it, test } from 'vitest';
import { defineProgram, Graph, relu } from '../ir/index.ts';
import { Random } from '../tensor/index.ts';
import { onnxMetadata, onnxSignature, portableLowerings, toOnnx } from './index.ts';

const graph = new Graph({ training: false });
const y = relu(graph.input('x', { dtype: 'float32', shape: [2, 3] }));
const program = defineProgram({ name: 'p', graph, outputs: new Map([['y', y]]), updates: new Map() });
const metadata = { network: 'p', classes: '["ein Bär","__proto__","🐻"]', ['__proto__']: 'a key like any other' };
const { bytes } = toOnnx(program, { lowerings: portableLowerings, plainNames: true, batch: 'batch', metadata });

test('metadata come back as they were written', () => {
  expect(onnxMetadata(bytes)).toEqual(metadata);
  expect(Object.keys(onnxMetadata(bytes))).toEqual(Object.keys(metadata));
  expect(onnxMetadata(toOnnx(program, { lowerings: portableLowerings }).bytes)).toEqual({});
});

test('the signature names what goes in and comes out, with open extents by name', () => {
  expect(onnxSignature(bytes)).toEqual({
    inputs: [{ name: 'x', dtype: 'float32', shape: ['batch', 3] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: ['batch', 3] }],
    opset: 20,
  });
});

describe('bytes that are no ONNX model', () => {
  const random = new Random('bytes');
  it.each([
    ['nothing', new Uint8Array()],
    ['a PNG', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])],
    ['a page', new TextEncoder().encode('<!doctype html><title>Not found</title>')],
    ['a file cut off', bytes.subarray(0, bytes.length - 5)],
    ['noise', Uint8Array.from({ length: 500 }, () => random.integer(256))],
  ])('are refused in words: %s', (_, content) => {
    for (const read of [onnxMetadata, onnxSignature])
      expect(() => read(content)).toThrow(
        expect.objectContaining({
          code: 'CHECKPOINT',
          message: `onnx: expected an ONNX model, but these ${content.length} bytes are none`,
          hint: expect.stringContaining('skein export'),
        }),
      );
  });
});
