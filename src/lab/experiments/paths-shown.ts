/** What the paths of residual networks show. */
import { type Figure, type LaboratoryFinding, numberText, percent, type Words } from '../../report/index.ts';
import {
  carriedShares,
  factorPerBranch,
  type LengthRange,
  meanLength,
  shareIn,
  shortestRange,
} from '../arithmetic/path-lengths.ts';
import type { PathsRecord } from './paths-record.ts';

/** Ibid., §5 and abstract, for 54 blocks (110 layers) on CIFAR-10. */
const paper: Words = {
  en: 'Veit et al. found for 54 blocks (110 layers, CIFAR-10) that almost all gradient comes along paths of 5 to 17 blocks, which are 0.45 % of all paths.',
  zh: 'Veit 等人在 54 个模块的网络（110 层，CIFAR-10）上得到：几乎全部梯度来自长度为 5 到 17 个模块的路径，只占全部路径的 0.45 %。',
};

/** The lengths that carry most of the gradient. */
export interface Effective {
  readonly carried: readonly number[];
  /** The shortest run of lengths with 95 % of it. */
  readonly range: LengthRange;
  readonly mean: number;
  /** Of all paths, those of these lengths. */
  readonly share: number;
  readonly factor: number;
}

/** Undefined where a norm was not finite, or nothing arrives at all. */
export function effectivePaths({ lengths }: PathsRecord): Effective | undefined {
  const norms = lengths.flatMap(({ norm }) => (norm === null ? [] : [norm]));
  if (norms.length < lengths.length || !norms.some((norm) => norm > 0)) return undefined;
  const shares = lengths.map(({ share }) => share);
  const carried = carriedShares(shares, norms);
  const range = shortestRange(carried);
  return { carried, range, mean: meanLength(carried), share: shareIn(shares, range), factor: factorPerBranch(norms) };
}

export function pathsFindings(record: PathsRecord): LaboratoryFinding[] {
  const { network, blocks, lengths, whole } = record;
  const shares = lengths.map(({ share }) => share);
  const usual = shortestRange(shares);
  const found = effectivePaths(record);
  const numbers: LaboratoryFinding = {
    about: { en: `${network}: how many`, zh: `${network}：路径数` },
    says: {
      en: `With ${blocks} blocks there are 2^${blocks} paths; ${percent(shareIn(shares, usual))} of them go through ${usual.from} to ${usual.to} branches. That is arithmetic and needs no network.`,
      zh: `${blocks} 个模块有 2^${blocks} 条路径，其中 ${percent(shareIn(shares, usual))} 经过 ${usual.from} 到 ${usual.to} 个分支。这是纯计算，与训练无关。`,
    },
  };
  if (!found)
    return [
      numbers,
      {
        about: { en: `${network}: what they carry`, zh: `${network}：携带的梯度` },
        says: {
          en: `It cannot be told: a gradient was not finite, or none arrived at the image. ${paper.en}`,
          zh: `无法判断：梯度不是有限数，或没有梯度到达图像。${paper.zh}`,
        },
      },
    ];
  const { range, mean, share, factor } = found;
  const [first, last] = [lengths[0]?.norm ?? null, lengths.at(-1)?.norm ?? null];
  const direction = factor < 1 ? { en: 'falls', zh: '递减' } : { en: 'grows', zh: '递增' };
  const verdict: Words =
    range.to < blocks / 2
      ? { en: 'As in the paper, short paths carry it', zh: '与论文一致，梯度由短路径携带' }
      : mean < blocks / 2
        ? {
            en: 'Shorter paths than the most frequent carry it, but less clearly than in the paper',
            zh: '携带梯度的路径比最常见的短，但不如论文明显',
          }
        : { en: 'Unlike the paper, it is not the short paths that carry it', zh: '与论文不同，梯度并非由短路径携带' };
  return [
    numbers,
    {
      about: { en: `${network}: one path`, zh: `${network}：单条路径` },
      says: {
        en: `What one path carries ${direction.en} with its length: each further branch multiplies it by ${numberText(factor)} (line through the logarithms), from ${numberText(first)} along shortcuts alone to ${numberText(last)} through all ${blocks} branches. The paper’s Figure 6 (b) shows an exponential fall.`,
        zh: `单条路径携带的梯度随长度${direction.zh}：每多一个分支乘以 ${numberText(factor)}（对数拟合），从只走捷径的 ${numberText(first)} 到经过全部 ${blocks} 个分支的 ${numberText(last)}。论文图 6 （b） 为指数下降。`,
      },
    },
    {
      about: { en: `${network}: all paths`, zh: `${network}：全部路径` },
      says: {
        en: `${verdict.en}: at least 95 % of the sum comes along paths of ${range.from} to ${range.to} of ${blocks} branches, which are ${shareText(share)} of all paths; the mean length is ${mean.toFixed(1)}, that of all paths ${blocks / 2}. ${paper.en}`,
        zh: `${verdict.zh}：总和的至少 95 % 来自经过 ${range.from} 到 ${range.to} 个分支的路径（共 ${blocks} 个），占全部路径的 ${shareText(share)}；平均长度 ${mean.toFixed(1)}，全部路径的平均为 ${blocks / 2}。${paper.zh}`,
      },
    },
    ...cancelling(record, whole),
  ];
}

/** The sum of all paths' norms beside the norm of their sum. */
function cancelling({ network, lengths, blocks }: PathsRecord, whole: number | null): LaboratoryFinding[] {
  const sum = lengths.reduce((all, { share, norm }) => all + share * (norm ?? Number.NaN), 0) * 2 ** blocks;
  if (whole === null || !(whole > 0) || !Number.isFinite(sum)) return [];
  return [
    {
      about: { en: `${network}: together`, zh: `${network}：合计` },
      says: {
        en: `Added up as if they all pointed one way, the paths would give ${numberText(sum)}; the gradient itself is ${numberText(whole)}, ${numberText(sum / whole)} times less. So paths cancel each other, and the shares above say where gradient flows, not what is left of it. The paper does not measure this.`,
        zh: `若所有路径方向一致，其和为 ${numberText(sum)}；而梯度本身为 ${numberText(whole)}，小 ${numberText(sum / whole)} 倍。可见路径之间相互抵消：上述比例说明梯度从哪里流过，而不是最后剩下多少。论文没有测量这一点。`,
      },
    },
  ];
}

const shareText = (share: number) => (share < 0.001 ? `${(100 * share).toPrecision(2)} %` : percent(share, 2));

const length = { label: { en: 'branches on the path', zh: '路径上的分支数' } };

export function pathsFigures(networks: readonly PathsRecord[]): Figure[] {
  return [
    {
      kind: 'lines',
      id: 'path-lengths',
      title: { en: 'How many paths there are', zh: '各长度的路径数' },
      x: length,
      y: { label: { en: 'share of all paths', zh: '占全部路径的比例' }, format: 'percent' },
      series: networks.map(({ network, lengths }) => ({
        name: network,
        points: lengths.map(({ length: k, share }) => [k, share] as const),
      })),
    },
    {
      kind: 'lines',
      id: 'gradient-by-length',
      title: { en: 'What one path carries', zh: '单条路径携带的梯度' },
      note: {
        en: 'The norm of the gradient by the image: the mean of the paths that were drawn, and the range of the middle half.',
        zh: '对图像的梯度范数：抽样路径的平均值，色带为中间一半的范围。',
      },
      x: length,
      y: { label: { en: 'gradient norm at the image', zh: '图像处的梯度范数' }, scale: 'log' },
      series: networks.map(({ network, lengths }) => ({
        name: network,
        points: lengths.map(({ length: k, norm }) => [k, norm] as const),
        band: lengths.map(({ low, high }) => [low ?? Number.NaN, high ?? Number.NaN] as const),
      })),
    },
    {
      kind: 'lines',
      id: 'effective-paths',
      title: { en: 'What all paths of a length carry', zh: '各长度全部路径携带的梯度' },
      note: {
        en: 'Their number times the mean norm of one, as a share of the sum; dashed: their number alone.',
        zh: '路径数乘以单条路径的平均范数，占总和的比例；虚线：仅路径数。',
      },
      x: length,
      y: { label: { en: 'share', zh: '比例' }, format: 'percent' },
      series: networks.flatMap((record) => {
        const carried = effectivePaths(record)?.carried ?? record.lengths.map(() => null);
        return [
          { name: record.network, points: carried.map((share, k) => [k, share] as const) },
          {
            name: { en: `${record.network}, number of paths`, zh: `${record.network}，路径数` },
            points: record.lengths.map(({ length: k, share }) => [k, share] as const),
            isDashed: true,
          },
        ];
      }),
    },
  ];
}
