/** What each op makes of the moments of its inputs. */
import { type ConvAttributes, type Node, ops, type Value } from '../../ir/index.ts';
import type { Tensor } from '../../tensor/index.ts';
import {
  convolved,
  joined,
  largest,
  type Moments,
  padded,
  rectified,
  resampled,
  type SummedKernel,
  shifted,
  summed,
  summedKernel,
} from './moments.ts';

/** What hypotheses share: most layers are the same in all of them, and read the same. */
export class Memory {
  readonly #norms = new WeakMap<object, { readonly measured: Moments; readonly result: Moments }>();
  readonly #kernels = new WeakMap<Tensor, Map<string, SummedKernel>>();
  readonly #results = new WeakMap<Moments, Map<unknown, Moments>>();

  norm(of: object, make: () => { readonly measured: Moments; readonly result: Moments }) {
    const found = this.#norms.get(of) ?? make();
    this.#norms.set(of, found);
    return found;
  }

  kernel(weight: Tensor, key: string, make: () => SummedKernel): SummedKernel {
    const made = this.#kernels.get(weight) ?? new Map<string, SummedKernel>();
    const found = made.get(key) ?? make();
    this.#kernels.set(weight, made.set(key, found));
    return found;
  }

  /** What `how` makes of `x`. */
  result(x: Moments, how: unknown, make: () => Moments): Moments {
    const made = this.#results.get(x) ?? new Map<unknown, Moments>();
    const found = made.get(how) ?? make();
    this.#results.set(x, made.set(how, found));
    return found;
  }
}

/** The moments of a node's output [N, C, H, W]; undefined where nothing is known of it. @param entry of a state's value */
export function followed(
  node: Node,
  of: (x: Value) => Moments,
  entry: (x: Value | undefined) => Tensor | undefined,
  memory: Memory,
): Moments | undefined {
  const [x, other] = node.inputs as [Value, Value | undefined];
  const known = of(x);
  switch (node.op.name) {
    case ops.conv2d.name: {
      const weight = entry(other);
      const kernel = weight && kernelOf(node, weight, memory);
      return kernel && memory.result(known, kernel, () => convolved(known, kernel));
    }
    case ops.relu.name:
      return memory.result(known, 'relu', () => rectified(known));
    case ops.add.name: {
      if (other?.type.shape.length === 4 && x.type.shape.length === 4) {
        const second = of(other);
        return memory.result(known, second, () => summed(known, second));
      }
      const bias = entry(reshapedFrom(other));
      return bias && memory.result(known, bias, () => shifted(known, bias.data as Float32Array));
    }
    case ops.averagePool2d.name:
      return memory.result(known, 'mean', () => resampled(known));
    case ops.maxPool2d.name:
      return memory.result(known, 'largest', () => largest(known));
    case ops.concat.name:
      return node.attributes.axis === 1 ? joined(node.inputs.map(of)) : known;
    case ops.slice.name:
      if ((node.attributes.axes as readonly number[]).includes(1)) return undefined;
      return memory.result(known, 'some', () => resampled(known));
    case ops.pad.name: {
      const { before, after } = node.attributes as Readonly<Record<string, readonly number[]>>;
      const [, front = 0] = before ?? [];
      const [, back = 0] = after ?? [];
      return memory.result(known, `pad ${front} ${back}`, () => padded(known, front, back));
    }
    default:
      return undefined;
  }
}

/** What a convolution's bias [C] was before it became [C, 1, 1]. */
const reshapedFrom = (x: Value | undefined): Value | undefined =>
  x?.source.kind === 'node' && x.source.node.op.name === ops.reshape.name ? x.source.node.inputs[0] : undefined;

function kernelOf({ inputs, outputs, attributes }: Node, weight: Tensor, memory: Memory): SummedKernel {
  const { stride, padding, dilation, groups } = attributes as unknown as ConvAttributes;
  const [x, w] = inputs as [Value, Value];
  const [out, input, ...kernel] = w.type.shape as [number, number, number, number];
  return memory.kernel(weight, `${x.type.shape.slice(2)} ${stride} ${padding} ${dilation} ${groups}`, () => {
    // the share of outputs for which a tap falls on the map, not on the padding
    const [rows = [], columns = []] = [0, 1].map((axis) => {
      const [from, to] = [x.type.shape[2 + axis] as number, outputs[0]?.type.shape[2 + axis] as number];
      return Array.from({ length: kernel[axis] as number }, (_, k) => {
        let inside = 0;
        for (let i = 0; i < to; i++) {
          const at = i * (stride[axis] as number) - (padding[axis] as number) + k * (dilation[axis] as number);
          if (at >= 0 && at < from) inside++;
        }
        return inside / to;
      });
    });
    const shares = rows.flatMap((row) => columns.map((column) => row * column));
    return summedKernel(weight.data as Float32Array, [out, input], groups, shares);
  });
}
