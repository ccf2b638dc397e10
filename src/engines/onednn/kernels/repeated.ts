/** Arithmetic of a map with what is the same for all its pixels, its channels or its images: see planning/repeated.ts. */
import type { Node, Value } from '../../../ir/index.ts';
import { type Shape, sizeOf } from '../../../tensor/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import type { Stored } from '../compile/stored.ts';
import type { BinaryAlgorithm, Layout } from '../library/index.ts';
import { repeatedOperand } from '../planning/repeated.ts';

/** Whether it could: in the order of the map or row by row. */
export function combineRepeated(assembly: Assembly, algorithm: BinaryAlgorithm, node: Node): boolean {
  const [y] = node.outputs as [Value];
  const found = repeatedOperand(node);
  if (!found) return false;
  const { map, small, repeated } = found;
  const layout = orderOf(assembly, algorithm, map, repeated);
  if (!layout) return false;
  const src1 = readRepeated(assembly, small, assembly.layout(repeated, layout.format));
  const src = assembly.readAs(map, layout);
  const layouts = { src: layout, src1: src1.layout, dst: layout };
  const primitive = assembly.create({ kind: 'binary', algorithm, ...layouts });
  assembly.primitive(primitive, { src, src1 }, { dst: assembly.write(y, layout) }, 'src');
  return true;
}

/** How the map lies, or row by row; undefined where the library has only plain loops for both. */
function orderOf(assembly: Assembly, algorithm: BinaryAlgorithm, map: Value, repeated: Shape): Layout | undefined {
  const { layout } = assembly.read(map);
  const plain = assembly.layout(map.type.shape, undefined, layout.dataType);
  // a quotient by the zeros that fill a block is no number
  const isSafe = algorithm !== 'div' || layout.bytes === plain.bytes;
  const isByChannel = repeated[1] === map.type.shape[1] && (repeated[1] as number) > 1;
  // a map with gaps has its strides in its format: no other tensor can lie so
  const orders = isByChannel && isSafe && /^\w+$/.test(layout.format) ? [layout, plain] : [plain];
  return orders.find((order) => {
    const src1 = assembly.layout(repeated, order.format);
    return assembly.isFast({ kind: 'binary', algorithm, src: order, src1, dst: order });
  });
}

function readRepeated(assembly: Assembly, small: Value, layout: Layout): Stored {
  if (sizeOf(small.type.shape) === sizeOf(layout.dims)) return assembly.readAs(small, layout);
  const rows = assembly.temporary(assembly.layout(layout.dims));
  const [images = 1, channels = 1] = layout.dims;
  assembly.loop('repeat', [assembly.readPlain(small)], [rows], ([from], [to]) => {
    for (let image = 0; image < images; image++)
      to?.fill(from?.[image] as number, image * channels, (image + 1) * channels);
  });
  if (rows.layout.equals(layout)) return rows;
  const ordered = assembly.temporary(layout);
  assembly.reorder(rows, ordered);
  return ordered;
}
