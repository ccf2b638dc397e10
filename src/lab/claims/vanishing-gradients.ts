import type { Words } from '../../report/index.ts';
import type { GradientResult } from '../arithmetic/gradient-result.ts';
import { deepest, readingsOf, short, type Trend } from '../arithmetic/tower-readings.ts';
import { isPlain, plainIsHealthy } from '../arithmetic/training-findings.ts';
import { firstReading } from '../arithmetic/training-readings.ts';
import { defineClaim, type Verdict } from './claim.ts';
import { sources } from './sources.ts';

/** Deep plain networks suffer vanishing or exploding gradients. */
export const vanishingGradients = defineClaim<readonly [GradientResult]>({
  id: 'vanishing-gradients',
  number: 1,
  question: {
    en: 'Do gradients vanish or explode in deep plain networks?',
    zh: '深层普通网络的梯度会消失或爆炸吗？',
  },
  article: {
    en: 'With more layers the gradient may gradually approach zero, so that deeper features are not learnt; or it may grow rapidly, which makes training unstable.',
    zh: '随着层数的增加,梯度可能会逐渐趋于零(vanishing gradient),导致模型无法学习到更深层次的特征。相反,梯度可能会急速增长(exploding gradient),导致训练过程不稳定。',
  },
  sources: [sources.gradients],
  answer([result]) {
    const small = deepest(readingsOf(result, 'plain-small'));
    const he = deepest(readingsOf(result, 'plain'));
    const plain = result.networks.map(firstReading).filter(isPlain);
    const healthy = plainIsHealthy(plain);
    const worst = plain.reduce<(typeof plain)[number] | undefined>(
      (a, b) => (Math.abs(Math.log(b.ratio ?? 1)) > Math.abs(Math.log(a?.ratio ?? 1)) ? b : (a ?? b)),
      undefined,
    );
    const suffers = [isHarmed(small?.trend), isHarmed(he?.trend), healthy === undefined ? undefined : !healthy];
    const [smallText, heText] = [towerText(small?.trend), towerText(he?.trend)];
    const tooSmall: Words =
      small?.ratio === 0 ? { en: ', less than float32 can hold', zh: '，小到 float32 无法表示' } : { en: '', zh: '' };
    const besidePaper = healthText(healthy);
    return {
      verdict: verdictOf(suffers),
      answer: {
        en: `Without batch norm it depends on the initialisation, at ${small?.depth ?? '–'} layers: with std 0.01 the gradient ${smallText.en} (first layer by last: ${short(small?.ratio ?? null)}${tooSmall.en}), with He’s it ${heText.en} (${short(he?.ratio ?? null)}). With batch norm, ${worst?.network ?? 'no plain network'} starts with ${short(worst?.ratio ?? null)} times the gradient at its first convolution that it has at its last. The article names depth alone as the cause; He et al. 2015 (§4.1) call the norms of their plain networks of 18 and 34 layers with batch norm healthy: ${besidePaper.en}.`,
        zh: `没有批归一化时，结果取决于初始化（${small?.depth ?? '–'} 层）：标准差 0.01 时梯度${smallText.zh}（第一层与最后一层之比为 ${short(small?.ratio ?? null)}${tooSmall.zh}），He 初始化时${heText.zh}（${short(he?.ratio ?? null)}）。有批归一化时，训练开始时 ${worst?.network ?? '普通网络（未测量）'} 第一个卷积的梯度是最后一个卷积的 ${short(worst?.ratio ?? null)} 倍。文章只把深度当作原因；He 等人 2015（§4.1）说，他们带批归一化的 18 层和 34 层普通网络梯度范数正常：${besidePaper.zh}。`,
      },
      numbers: [
        {
          name: {
            en: 'plain, std 0.01, no batch norm: first layer by last',
            zh: '普通，标准差 0.01，无批归一化：第一层与最后一层之比',
          },
          value: small?.ratio ?? null,
        },
        {
          name: {
            en: 'plain, He, no batch norm: first layer by last',
            zh: '普通，He 初始化，无批归一化：第一层与最后一层之比',
          },
          value: he?.ratio ?? null,
        },
        ...plain.map(({ network, ratio }) => ({
          name: {
            en: `${network}, batch norm: first layer by last`,
            zh: `${network}，有批归一化：第一层与最后一层之比`,
          },
          value: ratio,
        })),
        {
          name: {
            en: 'std 0.01: the 2nd layer by the 10th of ten (VGG model B)',
            zh: '标准差 0.01：十层中第 2 层与第 10 层之比（VGG 的 B 型）',
          },
          value: 1 / 1.7e4,
          source: { en: 'He et al. 2015 (arXiv 1502.01852), §2.2', zh: 'He 等人 2015（arXiv 1502.01852），§2.2' },
        },
      ],
    };
  },
});

const isHarmed = (trend: Trend | undefined): boolean | undefined =>
  trend === undefined || trend === 'unknown' ? undefined : trend !== 'level';

/** Beside the paper's word for plain networks. */
function healthText(healthy: boolean | undefined): Words {
  if (healthy === undefined) return { en: 'that cannot be told here', zh: '这里无法判断' };
  return healthy
    ? { en: 'so they are here, against the article', zh: '这里也是如此，与文章不符' }
    : { en: 'at the first step here they are not', zh: '而这里第一步的梯度并不正常' };
}

/** All of what was measured suffers, none of it, or some. */
function verdictOf(suffers: readonly (boolean | undefined)[]): Verdict {
  const known = suffers.filter((one) => one !== undefined);
  if (known.length < suffers.length) return known.includes(true) && known.includes(false) ? 'in part' : 'open';
  if (known.every(Boolean)) return 'holds';
  return known.some(Boolean) ? 'in part' : 'does not hold';
}

function towerText(trend: Trend | undefined): Words {
  switch (trend) {
    case 'vanishes':
      return { en: 'vanishes', zh: '消失' };
    case 'grows':
      return { en: 'explodes', zh: '爆炸' };
    case 'level':
      return { en: 'roughly keeps its size', zh: '大小大致不变' };
    default:
      return { en: 'cannot be told', zh: '是否消失无法判断' };
  }
}
