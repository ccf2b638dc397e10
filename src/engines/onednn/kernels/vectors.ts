/** A few numbers: plain loops, where a call of the library costs more than its work. */
import type { Node, Value } from '../../../ir/index.ts';
import { sameShape, sizeOf } from '../../../tensor/index.ts';
import type { Assembly } from '../compile/assembly.ts';

type Loop = (a: Float32Array, b: Float32Array, y: Float32Array) => void;

/** `b` has as many numbers as `a`, or one. A float64 result rounded to float32 is the float32 result. */
const loopOf: Readonly<Record<string, Loop>> = {
  add: (a, b, y) => {
    const step = b.length === 1 ? 0 : 1;
    for (let i = 0; i < y.length; i++) y[i] = (a[i] as number) + (b[i * step] as number);
  },
  subtract: (a, b, y) => {
    const step = b.length === 1 ? 0 : 1;
    for (let i = 0; i < y.length; i++) y[i] = (a[i] as number) - (b[i * step] as number);
  },
  multiply: (a, b, y) => {
    const step = b.length === 1 ? 0 : 1;
    for (let i = 0; i < y.length; i++) y[i] = (a[i] as number) * (b[i * step] as number);
  },
  divide: (a, b, y) => {
    const step = b.length === 1 ? 0 : 1;
    for (let i = 0; i < y.length; i++) y[i] = (a[i] as number) / (b[i * step] as number);
  },
};

/** Whether it could: other shapes and ops have loops of their own. */
export function vectorArithmetic(assembly: Assembly, { op, inputs, outputs }: Node): boolean {
  const [a, b] = inputs as [Value, Value];
  const [y] = outputs as [Value];
  const loop = loopOf[op.name];
  const fits =
    sameShape(a.type.shape, y.type.shape) && (sameShape(b.type.shape, y.type.shape) || sizeOf(b.type.shape) === 1);
  if (!loop || !fits || y.type.dtype !== 'float32') return false;
  const reads = [assembly.readPlain(a), assembly.readPlain(b)];
  assembly.loop(op.name, reads, [assembly.write(y, assembly.plain(y))], ([first, second], [to]) =>
    loop(first as Float32Array, second as Float32Array, to as Float32Array),
  );
  return true;
}

type Move = (from: readonly Float32Array[], to: Float32Array) => void;

/** What moves numbers of vectors. */
function moveOf({ op, attributes }: Node): Move | undefined {
  switch (op.name) {
    case 'concat':
      return (parts, to) => {
        let at = 0;
        for (const part of parts) {
          to.set(part, at);
          at += part.length;
        }
      };
    case 'slice': {
      const [start, stop, step] = [attributes.starts[0], attributes.stops[0], attributes.steps[0]] as number[];
      return step === 1 ? ([x], to) => to.set((x as Float32Array).subarray(start, stop)) : undefined;
    }
    case 'pad':
      if (attributes.between[0] !== 0) return undefined;
      return ([x], to) => {
        to.fill(0);
        to.set(x as Float32Array, attributes.before[0]);
      };
    default:
      return undefined;
  }
}

/** Whether it could: only what has one axis is moved so. */
export function moveVectors(assembly: Assembly, node: Node): boolean {
  const [y] = node.outputs as [Value];
  const move = y.type.shape.length === 1 ? moveOf(node) : undefined;
  if (!move) return false;
  const reads = node.inputs.map((input) => assembly.readPlain(input));
  assembly.loop(node.op.name, reads, [assembly.write(y, assembly.plain(y))], (from, [to]) =>
    move(from, to as Float32Array),
  );
  return true;
}
