/** What the paths of residual networks say. */
import { type LaboratoryFinding, numberText, percent, type Words } from '../../report/index.ts';
import { shareIn, shortestRange } from '../arithmetic/path-lengths.ts';
import { type Effective, effectivePaths } from './effective-paths.ts';
import type { PathsRecord } from './paths-result.ts';

/** Veit et al. 2016 (arXiv 1605.06431), §5, for 54 blocks (110 layers) on CIFAR-10. */
const paper: Words = {
  en: 'Veit et al. found for 54 blocks (110 layers, CIFAR-10) that almost all gradient comes along paths of 5 to 17 blocks, which are 0.45 % of all paths.',
  zh: 'Veit 等人在 54 个块的网络（110 层，CIFAR-10）上发现：几乎全部梯度来自长度为 5 到 17 个块的路径，只占全部路径的 0.45 %。',
};

export function pathsFindings(record: PathsRecord): LaboratoryFinding[] {
  const { network, blocks, lengths, whole } = record;
  const shares = lengths.map(({ share }) => share);
  const usual = shortestRange(shares);
  const found = effectivePaths(record);
  const numbers: LaboratoryFinding = {
    about: { en: `${network}: how many`, zh: `${network}：路径数` },
    says: {
      en: `With ${blocks} blocks there are 2^${blocks} paths; ${percent(shareIn(shares, usual))} of them go through ${usual.from} to ${usual.to} branches. That is arithmetic and needs no network.`,
      zh: `${blocks} 个块有 2^${blocks} 条路径，其中 ${percent(shareIn(shares, usual))} 经过 ${usual.from} 到 ${usual.to} 个分支。这是纯计算，与训练无关。`,
    },
  };
  if (!found)
    return [
      numbers,
      {
        about: { en: `${network}: what they carry`, zh: `${network}：传递的梯度` },
        says: {
          en: `It cannot be told: a gradient was not finite, or none arrived at the image. ${paper.en}`,
          zh: `无法判断：梯度不是有限数，或没有梯度到达图像。${paper.zh}`,
        },
      },
    ];
  const { range, mean, share, factor } = found;
  const [first, last] = [lengths[0]?.norm ?? null, lengths.at(-1)?.norm ?? null];
  const direction = directionOf(factor);
  const verdict = verdictOf(found, blocks);
  return [
    numbers,
    {
      about: { en: `${network}: one path`, zh: `${network}：单条路径` },
      says: {
        en: `What one path carries ${direction.en} with its length: each further branch multiplies it by ${numberText(factor)} (line through the logarithms), from ${numberText(first)} along shortcuts alone to ${numberText(last)} through all ${blocks} branches. The paper’s Figure 6 (b) shows an exponential fall.`,
        zh: `单条路径传递的梯度随长度${direction.zh}：每多一个分支乘以 ${numberText(factor)}（对数拟合），从只走快捷连接的 ${numberText(first)} 到经过全部 ${blocks} 个分支的 ${numberText(last)}。论文图 6（b）为指数下降。`,
      },
    },
    {
      about: { en: `${network}: all paths`, zh: `${network}：全部路径` },
      says: {
        en: `${verdict.en}: at least 95 % of the sum comes along paths of ${range.from} to ${range.to} of ${blocks} branches, which are ${shareText(share)} of all paths; the mean length is ${mean.toFixed(1)}, that of all paths ${blocks / 2}. ${paper.en}`,
        zh: `${verdict.zh}：总和的至少 95 % 来自经过 ${range.from} 到 ${range.to} 个分支（共 ${blocks} 个）的路径，这些路径占全部路径的 ${shareText(share)}；平均长度 ${mean.toFixed(1)}，全部路径的平均为 ${blocks / 2}。${paper.zh}`,
      },
    },
    ...cancelling(record, whole),
  ];
}

/** As far as the factor's digits tell. */
function directionOf(factor: number): Words {
  if (Math.abs(factor - 1) < 0.005) return { en: 'hardly changes', zh: '几乎不变' };
  return factor < 1 ? { en: 'falls', zh: '递减' } : { en: 'grows', zh: '递增' };
}

/** Short paths carry it where most of it comes along fewer branches than the most frequent paths have. */
function verdictOf({ range, mean }: Effective, blocks: number): Words {
  const middle = blocks / 2;
  if (range.to < middle) return { en: 'As in the paper, short paths carry it', zh: '与论文一致，梯度主要由短路径传递' };
  if (Math.abs(mean - middle) < 0.5)
    return {
      en: 'It cannot be told whether short or long paths carry it: their mean length is close to that of all paths',
      zh: '无法判断梯度主要由短路径还是长路径传递：传递梯度的路径，平均长度与全部路径相近',
    };
  return mean < middle
    ? {
        en: 'Shorter paths than the most frequent carry it, but less clearly than in the paper',
        zh: '主要传递梯度的路径比最常见的短，但不如论文中明显',
      }
    : { en: 'Unlike the paper, it is not the short paths that carry it', zh: '与论文不同，梯度并非主要由短路径传递' };
}

/** The sum of all paths' norms beside the norm of their sum. */
function cancelling({ network, lengths, blocks }: PathsRecord, whole: number | null): LaboratoryFinding[] {
  const sum = lengths.reduce((all, { share, norm }) => all + share * (norm ?? Number.NaN), 0) * 2 ** blocks;
  if (whole === null || !(whole > 0) || !Number.isFinite(sum)) return [];
  const ratio = sum / whole;
  const so: Words =
    ratio > 2
      ? {
          en: 'So paths cancel each other, and the shares above say where gradient flows, not what is left of it.',
          zh: '可见路径之间相互抵消：上述比例说明梯度从哪里流过，而不是最后剩下多少。',
        }
      : { en: 'So paths hardly cancel each other.', zh: '可见路径之间几乎不抵消。' };
  return [
    {
      about: { en: `${network}: together`, zh: `${network}：合计` },
      says: {
        en: `Added up as if they all pointed one way, the paths would give ${numberText(sum)}, ${numberText(ratio)} times the norm of the gradient itself, ${numberText(whole)}. ${so.en} The paper does not measure this.`,
        zh: `若所有路径方向一致，其和为 ${numberText(sum)}，是梯度本身范数 ${numberText(whole)} 的 ${numberText(ratio)} 倍。${so.zh}论文没有测量这一点。`,
      },
    },
  ];
}

const shareText = (share: number) => (share < 0.001 ? `${(100 * share).toPrecision(2)} %` : percent(share, 2));
