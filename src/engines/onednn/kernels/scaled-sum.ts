/** Sums of scaled tensors, in the first one's layout. */
import type { Assembly } from '../compile/assembly.ts';
import type { ScaledSum, Term } from '../compile/group-sums.ts';
import type { Stored } from '../compile/stored.ts';

/** A sum without run-time factors is one primitive; `x + scalar · y` adds to x where it stands. */
export function scaledSum(assembly: Assembly, { terms, result }: ScaledSum): void {
  const variable = terms.find(({ scalar }) => scalar !== undefined);
  const fixed = terms.filter((term) => term !== variable);
  const { layout } = assembly.read((fixed[0] as Term).value);
  const dst = assembly.write(result, layout);
  if (variable) {
    addTo(assembly, dst, variable);
    return;
  }
  const sources = fixed.map(({ value }) => assembly.readAs(value, layout));
  const scales = fixed.map(({ factor }) => factor);
  const primitive = assembly.create({ kind: 'sum', sources: sources.map(() => layout), scales, dst: layout });
  const reads = Object.fromEntries(sources.map((source, i) => [`source${i}`, source] as const));
  assembly.primitive(primitive, reads, { dst });
}

/** dst += factor · scalar · value */
function addTo(assembly: Assembly, dst: Stored, { value, factor, scalar }: Term): void {
  const times = assembly.temporary(assembly.layout([1]));
  assembly.loop('factor', [assembly.readPlain(scalar as Term['value'])], [times], ([from], [to]) => {
    (to as Float32Array)[0] = factor * (from?.[0] as number);
  });
  // blocked weights have no fast primitive for this
  const [to, from] = [assembly.flat(dst), assembly.flat(assembly.readAs(value, dst.layout))];
  const primitive = assembly.create({
    kind: 'binary',
    algorithm: 'mul',
    src: from.layout,
    src1: times.layout,
    dst: to.layout,
    postOps: [{ kind: 'sum' }],
  });
  assembly.primitive(primitive, { src: from, src1: times }, { dst: to });
}
