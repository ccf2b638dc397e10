/** Batch normalisation: what was grouped in one primitive, and the rest alone. */
import { shareOfStatistics, type Value } from '../../../ir/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import type { Stored } from '../compile/stored.ts';
import type { PrimitiveDescription } from '../library/index.ts';
import type { NormalisationBackward, NormalisationForward } from '../planning/group-normalisations.ts';
import type { Kernels } from './kernel.ts';
import { loops } from './loops.ts';

type Forward = Extract<
  PrimitiveDescription,
  { kind: 'batchNormalization'; pass: 'forwardTraining' | 'forwardInference' }
>;

/** What a forward unit leaves for its gradient. */
export interface Remembered {
  /** In the order of this map it remembers where it rectified. */
  readonly src: Stored;
  readonly workspace: Stored | undefined;
}

/** Channels that only fill a block have a variance of 0, and must not become 0 / 0; beside any other variance this is nothing. */
const leastEpsilon = 1e-30;

const safe = (epsilon: number) => Math.max(epsilon, leastEpsilon);

const flags = { useScale: true, useShift: true } as const;

/** `x` in an order that the library is quick with: blocks of a few channels, as grouped convolutions like them, take plain loops. */
function inQuickOrder(assembly: Assembly, x: Value, src: Stored): Stored {
  const { layout } = src;
  const tried = { kind: 'batchNormalization', pass: 'forwardTraining', epsilon: leastEpsilon } as const;
  if (assembly.isFast({ ...tried, ...flags, src: layout, dst: layout })) return src;
  const [, channels] = x.type.shape as [number, number];
  return assembly.readAs(x, assembly.layout(x.type.shape, assembly.mapFormat(channels), layout.dataType));
}

export function normalisationForward(assembly: Assembly, unit: NormalisationForward): Remembered {
  const { x, mean, variance, weight, bias, epsilon, measures, rectifies, remembers, y } = unit;
  const src = inQuickOrder(assembly, x, measures ? assembly.readAny(x) : readScaled(assembly, x, [weight, bias]));
  const primitive = assembly.create({
    kind: 'batchNormalization',
    // prediction needs no workspace
    pass: measures || remembers ? 'forwardTraining' : 'forwardInference',
    epsilon: safe(epsilon),
    ...flags,
    useGlobalStatistics: !measures,
    fuseRelu: rectifies,
    src: src.layout,
    dst: src.layout,
  });
  const layout = primitive.layout('workspace');
  const workspace = layout && layout.bytes > 0 ? assembly.temporary(layout) : undefined;
  const vectors = { scale: assembly.readPlain(weight), shift: assembly.readPlain(bias) };
  const given = measures ? {} : { mean: assembly.readPlain(mean), variance: assembly.readPlain(variance) };
  const measured = measures
    ? { mean: assembly.write(mean, assembly.plain(mean)), variance: assembly.write(variance, assembly.plain(variance)) }
    : {};
  assembly.primitive(
    primitive,
    { src, ...vectors, ...given },
    { dst: assembly.writeLike(y, src), ...measured, ...(workspace && { workspace }) },
    measures || remembers ? undefined : 'src',
  );
  return { src, workspace };
}

/**
 * Maps that are scaled by given statistics: whatever stands behind the channels that count, zeros in `vectors` make zeros of it, forward and
 * backward.
 */
function readScaled(assembly: Assembly, x: Value, vectors: readonly Value[]): Stored {
  const stacked = assembly.stackedAsItIs(x);
  const holds = stacked?.holds;
  if (!stacked || holds === undefined) return assembly.readAny(x);
  return vectors.every((vector) => assembly.hasZerosFrom(vector, holds)) ? stacked : assembly.readAny(x);
}

export function normalisationBackward(
  assembly: Assembly,
  unit: NormalisationBackward,
  forward: Remembered | undefined,
): void {
  const { x, mean, variance, weight, epsilon, givenStatistics, dy, dx, dweight, dbias, centred } = unit;
  const whole = forward && !forward.src.isStacked ? assembly.readAs(x, forward.src.layout) : undefined;
  const found = whole ?? (givenStatistics ? readScaled(assembly, x, [weight]) : assembly.readAny(x));
  const src = inQuickOrder(assembly, x, found);
  const { layout } = src;
  const common = {
    kind: 'batchNormalization',
    epsilon: safe(epsilon),
    ...flags,
    useGlobalStatistics: givenStatistics,
    fuseRelu: forward !== undefined,
  } as const;
  const hint = assembly.create({ ...common, pass: 'forwardTraining', src: layout, dst: layout } satisfies Forward);
  const primitive = assembly.create({
    ...common,
    pass: 'backward',
    src: layout,
    diffSrc: layout,
    diffDst: layout,
    forward: hint,
  });
  const vector = assembly.plain(mean);
  const scaleGradient = assembly.write(dweight, vector);
  assembly.primitive(
    primitive,
    {
      diffDst: assembly.readLike(dy, src),
      src,
      mean: assembly.readPlain(mean),
      variance: assembly.readPlain(variance),
      scale: assembly.readPlain(weight),
      // no gradient depends on it: version 2 asks for it, version 3 refuses it
      ...(primitive.arguments.includes('shift') && { shift: assembly.readPlain(weight) }),
      ...(forward?.workspace && { workspace: forward.workspace }),
    },
    { diffSrc: assembly.writeLike(dx, src), diffScale: scaleGradient, diffShift: assembly.write(dbias, vector) },
    'diffDst',
  );
  if (!centred) return;
  // Σ dy (x − mean) = dweight · σ
  assembly.loop(
    'centred',
    [scaleGradient, assembly.readPlain(variance)],
    [assembly.write(centred, vector)],
    ([gradient, spread], [sum]) => {
      for (let c = 0; c < (sum as Float32Array).length; c++)
        (sum as Float32Array)[c] = (gradient?.[c] as number) * Math.sqrt((spread?.[c] as number) + epsilon);
    },
  );
}

export const normalisationKernels: Pick<Kernels, 'batchStatistics' | 'normalise' | 'normaliseSums'> = {
  // a normalisation whose result nobody reads
  batchStatistics: (assembly, node) => {
    const [x] = node.inputs as [Value];
    const [mean, variance] = node.outputs as [Value, Value];
    if (x.type.shape.length !== 4) {
      loops(assembly, node);
      return;
    }
    const src = inQuickOrder(assembly, x, assembly.readAny(x));
    const primitive = assembly.create({
      kind: 'batchNormalization',
      pass: 'forwardTraining',
      epsilon: leastEpsilon,
      src: src.layout,
      dst: src.layout,
    });
    const vector = assembly.plain(mean);
    const share = shareOfStatistics(x.type.shape, node.attributes);
    const room = (value: Value) => (share === 1 ? assembly.write(value, vector) : assembly.temporary(vector));
    const own = [room(mean), room(variance)] as const;
    const dst = assembly.temporary(src.layout);
    assembly.primitive(primitive, { src }, { mean: own[0], variance: own[1], dst });
    if (share === 1) return;
    const shares = [assembly.write(mean, vector), assembly.write(variance, vector)];
    assembly.loop('share', own, shares, (from, to) => {
      from.forEach((numbers, i) => {
        const shared = to[i] as Float32Array;
        for (let c = 0; c < shared.length; c++) shared[c] = (numbers[c] as number) * share;
      });
    });
  },

  normalise: (assembly, node) => {
    const [x, mean, variance, weight, bias] = node.inputs as [Value, Value, Value, Value, Value];
    if (x.type.shape.length !== 4) {
      loops(assembly, node);
      return;
    }
    const src = inQuickOrder(assembly, x, assembly.readAny(x));
    const { layout } = src;
    const primitive = assembly.create({
      kind: 'batchNormalization',
      pass: 'forwardInference',
      epsilon: safe(node.attributes.epsilon),
      ...flags,
      useGlobalStatistics: true,
      src: layout,
      dst: layout,
    });
    assembly.primitive(
      primitive,
      {
        src,
        mean: assembly.readPlain(mean),
        variance: assembly.readPlain(variance),
        scale: assembly.readPlain(weight),
        shift: assembly.readPlain(bias),
      },
      { dst: assembly.writeLike(node.outputs[0] as Value, src) },
      'src',
    );
  },

  normaliseSums: loops,
};
