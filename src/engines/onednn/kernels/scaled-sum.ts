/** Sums of scaled tensors, in the layout of the first one that has any: a gradient's, which its momentum takes as well. */
import type { Assembly } from '../compile/assembly.ts';
import type { ScaledSum, Term } from '../compile/group-sums.ts';
import type { Stored } from '../compile/stored.ts';

/** A sum without run-time factors is one primitive; `x + scalar · y` adds to x where it stands. */
export function scaledSum(assembly: Assembly, { terms, result }: ScaledSum): void {
  const variable = terms.find(({ scalar }) => scalar !== undefined);
  const fixed = terms.filter((term) => term !== variable);
  const settled = fixed.find(({ value }) => assembly.isSettled(value));
  const { layout } = assembly.readFloats((settled ?? (fixed[0] as Term)).value);
  const dst = assembly.write(result, layout);
  if (variable) {
    addTo(assembly, dst, variable);
    return;
  }
  // a row of numbers: with blocks that channels do not fill, the library's sum would be slow
  const sources = fixed.map(({ value }) => assembly.flat(assembly.readAs(value, layout)));
  const scales = fixed.map(({ factor }) => factor);
  const to = assembly.flat(dst);
  const primitive = assembly.create({
    kind: 'sum',
    sources: sources.map(({ layout }) => layout),
    scales,
    dst: to.layout,
  });
  const reads = Object.fromEntries(sources.map((source, i) => [`source${i}`, source] as const));
  assembly.primitive(primitive, reads, { dst: to });
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
