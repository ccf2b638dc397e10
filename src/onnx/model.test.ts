import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it, test } from 'vitest';
import { add, defineProgram, finite, Graph, multiply, type Program, relu, sum } from '../ir/index.ts';
import { resnet } from '../models/index.ts';
import { sgd } from '../optimisers/index.ts';
import { stepProgram } from '../step/index.ts';
import { Random, tensor } from '../tensor/index.ts';
import { OnnxBuilder, portableLowerings, toOnnx } from './index.ts';
import { ModelProtoSchema } from './onnx_pb.ts';

const float = (...shape: number[]) => ({ dtype: 'float32' as const, shape });
const zeros = (shape: readonly number[]) => new Float32Array(shape.reduce((a, b) => a * b, 1));
const lower = (program: Program) => toOnnx(program, { lowerings: portableLowerings });
const decode = (bytes: Uint8Array) => fromBinary(ModelProtoSchema, bytes);

describe('a model', () => {
  const network = resnet({ depth: 8 });
  const image = { channels: 3, height: 8, width: 8 };
  const model = lower(stepProgram({ network, image, classes: 4, batchSize: 2, optimiser: sgd() }));
  const { graph, opsetImport } = decode(model.bytes);

  it('gives every tensor one name, and uses only names that stand before', () => {
    const known = new Set([...(graph?.input ?? []), ...(graph?.initializer ?? [])].map(({ name }) => name));
    const before = known.size;
    const made = graph?.node.flatMap((node) => node.output) ?? [];
    for (const node of graph?.node ?? []) {
      for (const input of node.input) expect(known, `${node.name} reads ${input}`).toContain(input);
      for (const output of node.output) known.add(output);
    }
    expect(known.size).toBe(before + made.length);
    expect(new Set(graph?.node.map(({ name }) => name)).size).toBe(graph?.node.length);
  });

  it('takes only inputs that it uses', () => {
    const used = new Set(graph?.node.flatMap((node) => node.input));
    expect(graph?.input.filter(({ name }) => !used.has(name ?? ''))).toEqual([]);
    expect(graph?.initializer.filter(({ name }) => !used.has(name ?? ''))).toEqual([]);
  });

  it('gives what the program gives, under names that tell outputs, updates and the guard apart', () => {
    expect(graph?.output.map(({ name }) => name)).toEqual(model.outputs);
    expect(model.outputs.slice(0, 3)).toEqual(['output:loss', 'output:logits', 'output:gradientNorms']);
    expect(model.outputs).toContain('update:stem.conv1.weight');
    expect(model.outputs.at(-1)).toBe('guard');
    expect([...model.inputs.keys()].sort()).toEqual(['image', 'labels', 'lr', 'weights']);
  });

  it('consists of standard operators of opset 20', () => {
    expect(opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 20n]]);
    expect(model.nodes).toBe(graph?.node.length);
  });
});

test('a result that is an input, a state entry, a constant or another result too is copied', () => {
  const graph = new Graph({ training: true });
  const x = graph.input('x', float(2));
  const w = graph.entry('w', [2], 'parameter', zeros);
  const y = relu(add(x, w));
  const outputs = new Map([
    ['x', x],
    ['w', w],
    ['one', graph.constant(1, [2])],
    ['y', y],
    ['again', y],
  ]);
  const program = defineProgram({ name: 'p', graph, outputs, updates: new Map([['w', y]]), guard: finite(sum(y)) });
  const nodes = decode(lower(program).bytes).graph?.node ?? [];
  const made = nodes.flatMap((node) => node.output);
  expect(new Set(made).size).toBe(made.length);
  expect(made).toEqual(
    expect.arrayContaining(['output:x', 'output:w', 'output:one', 'output:y', 'output:again', 'update:w', 'guard']),
  );
  expect(nodes.filter(({ opType }) => opType === 'Identity')).toHaveLength(5);
});

test('equal programs give equal bytes', () => {
  const bytes = () => {
    const graph = new Graph({ training: false });
    const y = multiply(relu(graph.input('x', float(2, 2))), 3);
    return lower(defineProgram({ name: 'p', graph, outputs: new Map([['y', y]]), updates: new Map() })).bytes;
  };
  expect(bytes()).toEqual(bytes());
});

describe('constants', () => {
  it('of equal type, shape and content share one initialiser while they are small', () => {
    const onnx = new OnnxBuilder();
    expect(onnx.floats([1, 2])).toBe(onnx.floats([1, 2]));
    expect(onnx.floats([1, 2], [2, 1])).not.toBe(onnx.floats([1, 2]));
    expect(onnx.integers([1, 2])).not.toBe(onnx.floats([1, 2]));
    expect(onnx.initializers.size).toBe(3);
  });

  it('hold exactly the bytes of their part of a larger buffer', () => {
    const onnx = new OnnxBuilder();
    const random = new Random('constant');
    const all = Float32Array.from({ length: 10 }, () => random.normal());
    const name = onnx.constant(tensor('float32', [3], all.subarray(2, 5)));
    const { rawData } = onnx.initializers.get(name) ?? {};
    expect(rawData).toEqual(new Uint8Array(all.slice(2, 5).buffer));
  });
});
