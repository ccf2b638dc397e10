/** Which of Skein's networks could have layers such as a file's: a handful by count and shape, to be compared layer by layer. */
import {
  densenet,
  type ImageNetResnetOptions,
  imageNetDensenet,
  imageNetPreactResnet,
  imageNetResnet,
  imageNetVgg,
  plain,
  preactResnet,
  resnet,
  vgg,
  wideResnet,
} from '../../models/index.ts';
import type { Network } from '../../nn/index.ts';
import { SkeinError } from '../../tensor/index.ts';
import type { FileLayer } from './file-layers.ts';

/** What the shapes of a file say at once. */
interface Census {
  /** [O, I, kernel] of convolutions without a bias. */
  readonly convolutions: readonly Convolution[];
  readonly biased: readonly Convolution[];
  /** [O, I] of linear layers, with those that are 1×1 convolutions with a bias. */
  readonly linears: readonly (readonly [number, number])[];
  readonly norms: readonly number[];
}
type Convolution = readonly [out: number, input: number, kernel: number];

/** Networks in the order in which they are to be tried; none need fit. */
export function candidateNetworks(layers: readonly FileLayer[]): Network[] {
  const census = censusOf(layers);
  const has7x7 = census.convolutions.some(([, , kernel]) => kernel === 7);
  const makers = census.biased.some(([, , kernel]) => kernel === 3)
    ? [largeVggs]
    : has7x7
      ? [largeResnets, largePreacts, largeDensenets]
      : [smallResnets, smallPreacts, smallDensenets, largeResnets, smallVggs];
  return makers.flatMap((make) => make(census));
}

function censusOf(layers: readonly FileLayer[]): Census {
  const convolutions: Convolution[] = [];
  const biased: Convolution[] = [];
  const linears: (readonly [number, number])[] = [];
  const norms: number[] = [];
  for (const { kind, shape, tensors } of layers) {
    const [out = 0, input = 0, kernel = 1] = shape;
    const hasBias = tensors.has('bias');
    if (kind === 'norm') norms.push(out);
    else if (shape.length === 2 || (hasBias && kernel === 1)) linears.push([out, input]);
    else (hasBias ? biased : convolutions).push([out, input, kernel]);
  }
  return { convolutions, biased, linears, norms };
}

/** Those that can be built: a count may ask for the impossible. */
function possible(...makers: (() => Network)[]): Network[] {
  return makers.flatMap((make) => {
    try {
      return [make()];
    } catch (error) {
      if (error instanceof SkeinError) return [];
      throw error;
    }
  });
}

/** The number of blocks with `count` layers, `each` in one of them; where there is none, both its neighbours. */
const blockCounts = (count: number, each: number) => [
  ...new Set([Math.floor(count / each), Math.ceil(count / each)].map((n) => Math.max(1, n))),
];

const smallResnets = ({ convolutions: { length } }: Census) => [
  ...blockCounts(length - 1, 6).flatMap((n) =>
    possible(
      () => resnet({ depth: 6 * n + 2 }),
      () => plain({ depth: 6 * n + 2 }),
    ),
  ),
  ...blockCounts(length - 3, 6).flatMap((n) => possible(() => resnet({ depth: 6 * n + 2, shortcut: 'B' }))),
];

function smallPreacts({ convolutions }: Census): Network[] {
  const { length } = convolutions;
  const widest = Math.max(0, ...convolutions.map(([out]) => out));
  return [
    ...blockCounts(length - 4, 9).flatMap((n) => possible(() => preactResnet({ depth: 9 * n + 2 }))),
    ...blockCounts(length - (widest > 64 ? 4 : 3), 6).flatMap((n) =>
      possible(() => wideResnet({ depth: 6 * n + 4, widen: widest / 64 })),
    ),
  ];
}

/** Convolutions of all blocks, by depth. */
const depths: readonly (readonly [depth: number, convolutions: number])[] = [
  [18, 16],
  [34, 32],
  [50, 48],
  [101, 99],
  [152, 150],
];

/** The depth whose number of convolutions is nearest. */
const nearestDepth = (count: number, among: readonly (readonly [number, number])[]) =>
  among.reduce((best, next) => (Math.abs(next[1] - count) < Math.abs(best[1] - count) ? next : best))[0];

function largeResnets({ convolutions, linears }: Census): Network[] {
  const stem = convolutions.some(([, , kernel]) => kernel === 7) ? 'plain' : 'deep';
  const squares = convolutions.filter(([, , kernel]) => kernel === 3);
  // a bottleneck has two 1×1 convolutions for each 3×3
  const bottleneck = convolutions.filter(([, , kernel]) => kernel === 1).length > squares.length;
  const among = depths.filter(([depth]) => depth >= 50 === bottleneck);
  const stems = stem === 'plain' ? 1 : 3;
  const wanted = (shortcuts: number) => nearestDepth(convolutions.length - stems - shortcuts, among);
  const reductions = linears.filter(
    ([out, input]) => out < input && linears.some(([o, i]) => o === input && i === out),
  );
  const squeezes =
    reductions.length === 0 ? [undefined] : [...new Set(reductions.map(([out, input]) => Math.floor(input / out)))];
  const grouped: readonly Grouping[] = bottleneck ? groupings(squares) : [{}];
  return squeezes.slice(0, 3).flatMap((squeeze) =>
    grouped.flatMap((groups) =>
      possible(
        ...(['B', 'D', 'none'] as const).map((shortcut) => () => {
          const depth = wanted(shortcut === 'none' ? 0 : bottleneck ? 4 : 3);
          return imageNetResnet({ depth, stem, shortcut, ...groups, ...(squeeze !== undefined && { squeeze }) });
        }),
      ),
    ),
  );
}

type Grouping = Pick<ImageNetResnetOptions, 'groups' | 'widthPerGroup'>;

/** A bottleneck's 3×3 convolution is [width per group · groups, width per group, 3, 3], least in the first stage. */
function groupings(squares: readonly Convolution[]): Grouping[] {
  const least = [...new Set(squares.map(([, input]) => input))].sort((a, b) => a - b).slice(0, 4);
  return least.flatMap((widthPerGroup) => {
    const [inner = 0] = squares
      .filter(([, input]) => input === widthPerGroup)
      .map(([out]) => out)
      .sort((a, b) => a - b);
    const groups = inner / widthPerGroup;
    return Number.isSafeInteger(groups) && groups >= 1 ? [{ groups, widthPerGroup }] : [];
  });
}

const largePreacts = ({ convolutions: { length } }: Census) =>
  possible(() => imageNetPreactResnet({ depth: nearestDepth(length - 5, depths.slice(2)) }));

/** Growth and first channels of a dense network: all 3×3 convolutions but the first add as many channels. */
function denseSizes({ convolutions }: Census, kernel: number) {
  const stem = convolutions.filter(([, , k]) => k === kernel).sort((a, b) => a[1] - b[1])[0];
  const layers = convolutions.filter((one) => one !== stem && one[2] === 3);
  const growths = new Map<number, number>();
  for (const [out] of layers) growths.set(out, (growths.get(out) ?? 0) + 1);
  const [[growth, count] = [0, 0]] = [...growths].sort((a, b) => b[1] - a[1]);
  const narrow = convolutions.filter(([, , k]) => k === 1);
  return stem && count > layers.length / 2 ? { stem: stem[0], growth, count: layers.length, narrow } : undefined;
}

function smallDensenets(census: Census): Network[] {
  const sizes = denseSizes(census, 3);
  if (!sizes) return [];
  const { stem, growth, count, narrow } = sizes;
  return [false, true].flatMap((bottleneck) => {
    const blocks = narrow.length - (bottleneck ? count : 0) + 1;
    if (blocks < 1 || blocks > 10) return [];
    const layers = Math.max(1, Math.round(count / blocks));
    const depth = layers * blocks * (bottleneck ? 2 : 1) + blocks + 1;
    const before = stem + layers * growth;
    const kept = narrow.filter(([, input]) => input === before).map(([out]) => out);
    const usual = bottleneck ? 0.5 : 1;
    const thetas = [usual, ...kept.flatMap((out) => sharesOf(out, before))];
    return [...new Set(thetas)]
      .slice(0, 12)
      .flatMap((compression) =>
        possible(() => named(densenet({ depth, growth, blocks, bottleneck, compression, stem }), compression, usual)),
      );
  });
}

/** The plain numbers θ with ⌊θ · from⌋ = to, and one that always has. */
function sharesOf(to: number, from: number): number[] {
  const plain = [1, 0.5, ...[10, 100].flatMap((parts) => Array.from({ length: parts }, (_, i) => (i + 1) / parts))];
  return [...plain.filter((theta) => Math.floor(theta * from) === to).slice(0, 3), (to + 0.5) / from].filter(
    (theta) => theta <= 1,
  );
}

const named = (network: Network, compression: number, usual: number): Network =>
  compression === usual ? network : { ...network, name: `${network.name}-theta${Number(compression.toFixed(4))}` };

function largeDensenets(census: Census): Network[] {
  const sizes = denseSizes(census, 7);
  if (!sizes) return [];
  const { stem, growth, count, narrow } = sizes;
  const blocks = narrow.length - count + 1;
  if (growth < 1 || blocks < 1 || blocks > 10) return [];
  const isTransition = new Set(
    narrow.filter(([out, input]) => out === Math.floor(input / 2)).map(([, input]) => input),
  );
  const wanted = String(narrow.map(([, input]) => input).sort((a, b) => a - b));
  const exact: number[][] = [];
  const others: number[][] = [];
  let steps = 0;
  const extend = (layers: readonly number[], channels: number, left: number, inputs: readonly number[]): void => {
    if (exact.length > 0 || ++steps > mostSteps) return;
    const reads = (n: number) => Array.from({ length: n }, (_, i) => channels + i * growth);
    if (layers.length === blocks - 1) {
      if (left < 1) return;
      const isExact = String([...inputs, ...reads(left)].sort((a, b) => a - b)) === wanted;
      if (isExact || others.length === 0) (isExact ? exact : others).push([...layers, left]);
      return;
    }
    for (let n = 1; n < left; n++) {
      const before = channels + n * growth;
      if (isTransition.has(before))
        extend([...layers, n], Math.floor(before / 2), left - n, [...inputs, ...reads(n), before]);
    }
  };
  extend([], stem, count, []);
  return [...exact, ...others].flatMap((layers) => possible(() => imageNetDensenet({ layers, growth, stem })));
}

/** Of the search for the layers of dense blocks, so that no file can make it long. */
const mostSteps = 20_000;

/** Convolutions of the published depths. */
const vggConvolutions: readonly (readonly [number, number])[] = [
  [11, 8],
  [13, 10],
  [16, 13],
  [19, 16],
];

const largeVggs = ({ biased, norms }: Census) =>
  possible(() =>
    imageNetVgg({
      depth: nearestDepth(biased.filter(([, , kernel]) => kernel === 3).length, vggConvolutions),
      batchNorm: norms.length > 0,
    }),
  );

function smallVggs({ convolutions }: Census): Network[] {
  if (convolutions.some(([, , kernel]) => kernel !== 3)) return [];
  const width = Math.min(...convolutions.map(([out]) => out));
  return possible(() => vgg({ depth: nearestDepth(convolutions.length, vggConvolutions), width }));
}
