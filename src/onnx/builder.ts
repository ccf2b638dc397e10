/** Collects the nodes and constants of an ONNX graph. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { bytesPerElement, type Dtype, EngineError, type Shape, type Tensor, tensor } from '../tensor/index.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProtoSchema,
} from './onnx_pb.ts';

/** ONNX's numbers for element types (TensorProto.DataType). */
export const elementTypes: Readonly<Record<Dtype, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};

/** An attribute of an ONNX node; a plain number is an integer, so floats are wrapped. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

export class OnnxBuilder {
  readonly nodes: NodeProto[] = [];
  readonly initializers = new Map<string, MessageInitShape<typeof TensorProtoSchema>>();
  readonly domains = new Set<string>(['']);
  readonly #constants = new Map<string, string>();
  #next = 0;

  /** A name that nothing has yet. */
  fresh(hint: string): string {
    return `${hint}_${this.#next++}`;
  }

  /** Adds a node with one output and returns its name (`output`, if given). */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    options: { output?: string; domain?: string } = {},
  ): string {
    const output = options.output ?? this.fresh(opType);
    this.nodeTo([output], opType, inputs, attributes, options.domain);
    return output;
  }

  /** Adds a node with the named outputs; '' leaves an optional one out. */
  nodeTo(
    outputs: readonly string[],
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): void {
    this.domains.add(domain);
    this.nodes.push(
      create(NodeProtoSchema, {
        name: this.fresh(`${opType}_node`),
        opType,
        domain,
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
      }),
    );
  }

  /** A constant as an initialiser; equal small ones share one. */
  constant(content: Tensor): string {
    const key = content.data.length <= 64 ? `${content.dtype}[${content.shape}]${content.data}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.fresh('constant');
    this.initializer(name, content);
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }

  /** A fixed tensor under a given name. */
  initializer(name: string, { dtype, shape, data }: Tensor): void {
    if (data.length * bytesPerElement[dtype] !== data.byteLength)
      throw new EngineError(`onnx: \`${name}\` has ${data.byteLength} bytes, not those of ${dtype}`);
    this.initializers.set(name, {
      name,
      dims: shape.map(BigInt),
      dataType: elementTypes[dtype],
      rawData: new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer),
    });
  }

  /** A float32 constant filled from a number or numbers. */
  floats(numbers: number | readonly number[], shape?: Shape): string {
    const data = Float32Array.from(typeof numbers === 'number' ? [numbers] : numbers);
    return this.constant(tensor('float32', shape ?? (typeof numbers === 'number' ? [] : [data.length]), data));
  }

  /** An int64 vector, as ONNX wants shapes, axes and pads. */
  integers(numbers: readonly number[]): string {
    return this.constant(tensor('int64', [numbers.length], BigInt64Array.from(numbers.map(BigInt))));
  }
}

function attributeProto(name: string, value: OnnxAttribute): AttributeProto {
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: 2, i: BigInt(value) });
  if (typeof value === 'string') return create(AttributeProtoSchema, { name, type: 3, s: asciiBytes(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: 1, f: value.float });
  return create(AttributeProtoSchema, { name, type: 7, ints: value.map(BigInt) });
}

const asciiBytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
