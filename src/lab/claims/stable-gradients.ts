import type { Words } from '../../report/index.ts';
import { firstLayer } from '../arithmetic/gradient-figures.ts';
import type { GradientResult } from '../arithmetic/gradient-result.ts';
import { isLess, linesOf, neighbours } from '../arithmetic/shattering-readings.ts';
import type { ShatteringResult } from '../arithmetic/shattering-result.ts';
import { deepest, readingsOf, short } from '../arithmetic/tower-readings.ts';
import { isPlain, residualIsSteadier } from '../arithmetic/training-findings.ts';
import { trainingReading } from '../arithmetic/training-readings.ts';
import { defineClaim, type Verdict } from './claim.ts';
import { sources } from './sources.ts';

/** Residual connections keep the gradient stable through training. */
export const stableGradients = defineClaim<readonly [GradientResult, ShatteringResult]>({
  id: 'stable-gradients',
  number: 2,
  question: {
    en: 'Do residual connections keep the gradient stable through training?',
    zh: '残差连接能让梯度在整个训练过程中保持稳定吗？',
  },
  article: {
    en: 'ResNet connects layers directly, which keeps the gradient stable throughout training.',
    zh: 'ResNet的设计思想是允许每个层之间直接连接,这样可以使梯度能够在整个训练过程中保持稳定。',
  },
  sources: [sources.gradients, sources.shattering],
  answer([norms, lines]) {
    const underWay = norms.networks.filter(({ steps }) => steps.length > 1);
    const trained = underWay.map(trainingReading);
    const steadier = residualIsSteadier(trained);
    const unscaled = deepest(readingsOf(norms, 'residual'));
    const scaled = deepest(readingsOf(norms, 'residual-root'));
    const keeps = unscaled === undefined || unscaled.trend === 'unknown' ? undefined : unscaled.trend === 'level';
    const [plain, residual] = ['plain-norm', 'residual-norm'].map((id) => {
      const line = linesOf(lines, id).at(-1);
      return line ? neighbours(line) : null;
    }) as [number | null, number | null];
    const isWhole = isLess(plain, residual);
    const ranges = trained.map(({ network, range }) => `${network} ${short(range)}`);
    const against = unscaled?.trend === 'grows';
    const training: Words =
      steadier === undefined
        ? { en: 'which is steadier cannot be told', zh: '无法判断哪一种更稳定' }
        : steadier
          ? { en: 'the residual network is the steadier', zh: '残差网络更稳定' }
          : { en: 'the residual network is not the steadier', zh: '残差网络并不更稳定' };
    const growth: Words =
      keeps === undefined
        ? { en: 'what shortcuts do by themselves cannot be told', zh: '无法判断快捷连接单独的作用' }
        : keeps
          ? { en: 'shortcuts by themselves keep it roughly level', zh: '单靠快捷连接，梯度大小就大致保持不变' }
          : { en: 'shortcuts by themselves do not keep it stable', zh: '单靠快捷连接，梯度并不稳定' };
    return {
      verdict: verdictOf([steadier, keeps, isWhole]),
      ...(underWay.length > 0 && { figure: firstLayer(underWay) }),
      answer: {
        en: `With batch norm, the first convolution’s gradient over the first steps, its largest by its smallest, is ${ranges.join(', ') || '–'}: ${training.en}. Without batch norm, unscaled residual branches have ${short(unscaled?.ratio ?? null)} times the gradient at the first of ${unscaled?.depth ?? '–'} layers that they have at the last, scaled ones ${short(scaled?.ratio ?? null)}: ${growth.en}${against ? ', against the article' : ''}. Neighbouring inputs’ gradients correlate by ${short(plain)} in the deepest plain fully connected network with batch norm and by ${short(residual)} in the residual one.`,
        zh: `有批归一化时，训练最初若干步中，第一个卷积的梯度范数的最大值与最小值之比为 ${ranges.join('，') || '–'}：${training.zh}。无批归一化时，${unscaled?.depth ?? '–'} 层的残差网络若不缩放分支，第一层的梯度是最后一层的 ${short(unscaled?.ratio ?? null)} 倍，缩放后为 ${short(scaled?.ratio ?? null)} 倍：${growth.zh}${against ? '，与文章不符' : ''}。相邻输入的梯度之间的相关系数，在最深的普通全连接网络（有批归一化）中为 ${short(plain)}，在残差全连接网络中为 ${short(residual)}。`,
      },
      numbers: [
        ...trained.map((one) => ({
          name: {
            en: `${one.network}${isPlain(one) ? ' (plain)' : ''}, over ${one.steps} steps: largest by smallest`,
            zh: `${one.network}${isPlain(one) ? '（普通）' : ''}，${one.steps} 步中最大值与最小值之比`,
          },
          value: one.range,
        })),
        {
          name: {
            en: 'residual, unscaled, no batch norm: first layer by last',
            zh: '残差，不缩放，无批归一化：第一层与最后一层之比',
          },
          value: unscaled?.ratio ?? null,
        },
        {
          name: {
            en: 'residual, branches × 1/√blocks: first layer by last',
            zh: '残差，分支 × 1/√块数：第一层与最后一层之比',
          },
          value: scaled?.ratio ?? null,
        },
        {
          name: { en: 'correlation of neighbours, plain with batch norm', zh: '相邻点的相关系数，普通，有批归一化' },
          value: plain,
        },
        {
          name: { en: 'correlation of neighbours, residual with batch norm', zh: '相邻点的相关系数，残差，有批归一化' },
          value: residual,
        },
      ],
    };
  },
});

/** Steady in training, by itself, and alike at neighbouring inputs: all of it, some, or none. */
function verdictOf(holds: readonly (boolean | undefined)[]): Verdict {
  if (holds.every((one) => one === undefined)) return 'open';
  if (holds.every((one) => one === true)) return 'holds';
  if (holds.includes(true)) return 'in part';
  return holds.includes(undefined) ? 'open' : 'does not hold';
}
