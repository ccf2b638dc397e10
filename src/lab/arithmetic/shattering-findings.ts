/** What the correlations show, beside what Balduzzi et al. 2017 and the article say. */
import type { LaboratoryFinding } from '../../report/index.ts';
import { inChineseMarks } from '../number-words.ts';
import { pairFinding } from './shattering-pairs.ts';
import { deepestCorrelation, halfAt, isLess, linesOf } from './shattering-readings.ts';
import type { ShatteringResult } from './shattering-result.ts';
import { byDepth, says, undecided } from './shattering-words.ts';
import { short } from './tower-readings.ts';

export function shatteringFindings(result: ShatteringResult): LaboratoryFinding[] {
  return [
    ...pairFinding(result, { en: 'without batch norm', zh: '无批归一化' }, 'plain', 'residual', false),
    ...pairFinding(result, { en: 'with batch norm', zh: '有批归一化' }, 'plain-norm', 'residual-norm', true),
    ...tenthFinding(result),
    ...noiseFinding(result),
    ...denseFinding(result),
    ...networkFinding(result),
  ];
}

function tenthFinding(result: ShatteringResult): LaboratoryFinding[] {
  const [whole, tenth] = ['residual-norm', 'residual-norm-tenth'].map((id) => deepestCorrelation(result, id));
  if (whole == null || tenth == null) return [];
  const less = isLess(whole, tenth);
  return [
    says(
      { en: 'small branches', zh: '小分支' },
      {
        en: `With batch norm and β = 0.1, residual towers have ${byDepth(result, 'residual-norm-tenth')}, against ${byDepth(result, 'residual-norm')} with β = 1. The paper says that a small β keeps more (Figure 6).`,
        zh: `有批归一化且 β = 0.1 时，残差塔的相关系数为 ${inChineseMarks(byDepth(result, 'residual-norm-tenth'))}；β = 1 时为 ${inChineseMarks(byDepth(result, 'residual-norm'))}。论文说较小的 β 能保留更多的相关性（图 6）。`,
      },
      less === undefined
        ? undecided
        : less
          ? { en: 'So it came out.', zh: '结果与此一致。' }
          : { en: 'It did not come out so here.', zh: '这里的结果与此不一致。' },
    ),
  ];
}

function noiseFinding(result: ShatteringResult): LaboratoryFinding[] {
  const noises = result.noises.map((one) => ({ name: one.noise, ...one }));
  const towers = (['plain', 'plain-norm', 'residual-norm', 'residual-norm-tenth'] as const).flatMap((id) => {
    const line = linesOf(result, id).at(-1);
    return line ? [{ name: id, ...line }] : [];
  });
  const [depth, white] = [towers[0]?.depth, noises.find(({ name }) => name === 'white')];
  if (depth === undefined || !white) return [];
  const next = (id: string) => [...towers, ...noises].find(({ name }) => name === id)?.autocorrelation[1] ?? null;
  const half = (id: string) => {
    const place = halfAt(towers.find(({ name }) => name === id)?.autocorrelation ?? []);
    return place === null ? '> 64' : String(place);
  };
  return [
    says(
      { en: 'neighbours', zh: '相邻点' },
      {
        en: `Neighbouring points at depth ${depth}: plain ${short(next('plain'))}, plain with batch norm ${short(next('plain-norm'))}, residual with batch norm ${short(next('residual-norm'))}, with β = 0.1 ${short(next('residual-norm-tenth'))}; white noise has ${short(next('white'))}, brown noise ${short(next('brown'))}.`,
        zh: `深度 ${depth} 时相邻两点：普通 ${short(next('plain'))}，普通加批归一化 ${short(next('plain-norm'))}，残差加批归一化 ${short(next('residual-norm'))}，β = 0.1 时 ${short(next('residual-norm-tenth'))}；白噪声 ${short(next('white'))}，布朗噪声 ${short(next('brown'))}。`,
      },
      {
        en: `The correlation is below a half after ${half('plain')}, ${half('plain-norm')}, ${half('residual-norm')} and ${half('residual-norm-tenth')} points of the line.`,
        zh: `相关系数分别在 ${half('plain')}、${half('plain-norm')}、${half('residual-norm')} 和 ${half('residual-norm-tenth')} 个点之后低于一半。`,
      },
    ),
  ];
}

function denseFinding(result: ShatteringResult): LaboratoryFinding[] {
  const less = isLess(deepestCorrelation(result, 'plain-norm'), deepestCorrelation(result, 'dense-norm'));
  if (linesOf(result, 'dense-norm').length === 0) return [];
  return [
    says(
      { en: 'dense', zh: '稠密' },
      {
        en: `Dense towers have ${byDepth(result, 'dense-norm')} with batch norm, and ${byDepth(result, 'dense')} without; the paper measured none.`,
        zh: `稠密塔有批归一化时为 ${inChineseMarks(byDepth(result, 'dense-norm'))}，无批归一化时为 ${inChineseMarks(byDepth(result, 'dense'))}；论文没有测量稠密网络。`,
      },
      less === undefined
        ? undecided
        : less
          ? {
              en: 'With batch norm they keep more than plain ones.',
              zh: '有批归一化时，它们比普通网络保留的相关性更多。',
            }
          : {
              en: 'With batch norm they keep less than plain ones.',
              zh: '有批归一化时，它们比普通网络保留的相关性更少。',
            },
    ),
  ];
}

/** The deepest plain network and the residual one of the same depth. */
function networkPair({ networks }: Pick<ShatteringResult, 'networks'>) {
  const depthOf = (name: string) => Number(name.replace(/^\D+/, ''));
  const plain = networks
    .filter(({ network }) => network.startsWith('plain'))
    .sort((a, b) => depthOf(b.network) - depthOf(a.network))[0];
  const residual = networks.find(({ network }) => network === plain?.network.replace('plain', 'resnet'));
  return plain && residual ? { plain, residual } : undefined;
}

function networkFinding(result: ShatteringResult): LaboratoryFinding[] {
  const pair = networkPair(result);
  if (!pair) return [];
  const less = isLess(pair.plain.correlation, pair.residual.correlation);
  const text = result.networks.map(({ network, correlation }) => `${network} ${short(correlation)}`).join(', ');
  return [
    says(
      { en: 'between two images', zh: '两张图像之间' },
      {
        en: `Along the line between two images, gradients of published networks at initialisation correlate by: ${text}.`,
        zh: `已发表的网络在初始化时，沿两张图像之间的直线，梯度的相关系数为：${inChineseMarks(text)}。`,
      },
      less === undefined
        ? undecided
        : less
          ? {
              en: `${pair.plain.network} is the more shattered, as the paper says of convolutional networks.`,
              zh: `${pair.plain.network} 的梯度更破碎，与论文对卷积网络的说法一致。`,
            }
          : {
              en: `${pair.residual.network} is the more shattered here, against the paper.`,
              zh: `这里 ${pair.residual.network} 的梯度更破碎，与论文不符。`,
            },
    ),
  ];
}
