/** Sums of scaled tensors, in the layout of the first one that has any: a gradient's, which its momentum takes as well. */
import type { Assembly } from '../compile/assembly.ts';
import type { Stored } from '../compile/stored.ts';
import type { ScaledSum, Term } from '../planning/group-sums.ts';

/** A sum without run-time factors is one primitive; `x + scalar · y` adds to x where it stands. */
export function scaledSum(assembly: Assembly, { terms, result }: ScaledSum): void {
  const variable = terms.find(({ scalar }) => scalar !== undefined);
  const fixed = terms.filter((term) => term !== variable);
  const settled = fixed.find(({ value }) => assembly.isSettled(value));
  const { layout } = assembly.readFloats((settled ?? (fixed[0] as Term)).value);
  const dst = assembly.write(result, layout);
  if (variable) {
    addTo(assembly, dst, { base: assembly.readAs((fixed[0] as Term).value, layout), ...variable });
    return;
  }
  // a row of numbers: with blocks that channels do not fill, the library's sum would be slow
  const sources = merged(fixed.map(({ value, factor }) => ({ from: assembly.readAs(value, layout), factor })));
  // what stands where the sum goes is read before anything is written there
  const isInPlace = ({ from }: Source) => from.stretch === dst.stretch;
  const ordered = [...sources.filter(isInPlace), ...sources.filter((source) => !isInPlace(source))];
  const reads = ordered.map(({ from }) => assembly.flat(from));
  const to = assembly.flat(dst);
  const primitive = assembly.create({
    kind: 'sum',
    sources: reads.map(({ layout }) => layout),
    scales: ordered.map(({ factor }) => factor),
    dst: to.layout,
  });
  assembly.primitive(primitive, Object.fromEntries(reads.map((source, i) => [`source${i}`, source])), { dst: to });
}

interface Source {
  readonly from: Stored;
  readonly factor: number;
}

/** Each place once. */
function merged(sources: readonly Source[]): Source[] {
  const factors = new Map<Stored, number>();
  for (const { from, factor } of sources) {
    const known = [...factors.keys()].find(
      ({ stretch, offset }) => stretch === from.stretch && (offset ?? 0) === (from.offset ?? 0),
    );
    factors.set(known ?? from, (known ? (factors.get(known) as number) : 0) + factor);
  }
  return [...factors].map(([from, factor]) => ({ from, factor }));
}

/** dst = base + factor · scalar · value */
function addTo(
  assembly: Assembly,
  dst: Stored,
  { base, value, factor, scalar }: Term & { readonly base: Stored },
): void {
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
  assembly.primitiveOnto(primitive, { src: from, src1: times }, to, assembly.flat(base));
}
