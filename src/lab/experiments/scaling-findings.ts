/** What the numbers of `scaling` show, in sentences. */
import { numberText } from '../../report/index.ts';
import { differenceOf, type Estimate, signOf } from '../arithmetic/estimate.ts';
import { type Grown, type Growth, growthOf, trainingRate } from '../arithmetic/growth.ts';
import type { Shown } from '../experiment.ts';
import type { SizedKind } from '../networks/sized-networks.ts';
import { differenceText } from '../number-words.ts';
import type { Direction, ScalingResult } from './scaling-result.ts';

const grownOf = ({ record, memoryBytes, recomputedBytes, ...size }: ScalingResult['runs'][number]): Grown => ({
  ...record,
  size: size[size.by],
  memoryBytes,
  recomputedBytes,
});

/** How both kinds grow in a direction; undefined where one was not measured at two sizes. */
export function growthsOf(
  { runs }: ScalingResult,
  by: Direction,
): { residual: Growth; dense: Growth; gain: Estimate } | undefined {
  const of = (kind: SizedKind) => growthOf(runs.filter((run) => run.kind === kind && run.by === by).map(grownOf));
  const [residual, dense] = [of('residual'), of('dense')];
  return residual && dense && { residual, dense, gain: differenceOf(dense.gain, residual.gain) };
}

/** Multiply-adds in a second of training. */
export const rateOf = ({ runs }: ScalingResult, kind: SizedKind): number =>
  trainingRate(runs.filter((run) => run.kind === kind).map(grownOf));

export const scalingFindings = (result: ScalingResult): Shown['findings'] => [
  ...accuracyFinding(result, 'depth'),
  ...accuracyFinding(result, 'width'),
  timeFinding(result),
  ...memoryFinding(result),
  {
    about: { en: 'In the papers', zh: '论文中' },
    says: {
      en: 'Huang et al. 2017: a DenseNet-BC of 100 layers and 0.8 M parameters has 4.51 % error on CIFAR-10, about that of a pre-activation ResNet of 1,001 layers and 10.2 M (4.62 %), and errors fall on to 250 layers (3.62 %). Pleiss et al. 2017: memory that grows with the square of the depth becomes linear when concatenations and batch norms are computed again.',
      zh: 'Huang 等人 2017：100 层、0.8 M 参数的 DenseNet-BC 在 CIFAR-10 上误差为 4.51 %，接近 1,001 层、10.2 M 参数的预激活 ResNet（4.62 %）；加到 250 层误差继续降到 3.62 %。Pleiss 等人 2017：重新计算拼接与批归一化后，随深度平方增长的内存变为线性增长。',
    },
  },
];

function accuracyFinding(result: ScalingResult, by: Direction): Shown['findings'] {
  const found = growthsOf(result, by);
  if (!found) return [];
  const { residual, dense, gain } = found;
  const of = ({ smallest, largest, timesMacs, gain: own }: Growth, language: 'en' | 'zh') =>
    language === 'zh'
      ? `从 ${smallest.network} 到 ${largest.network}（乘加次数为 ${numberText(timesMacs)} 倍），准确率变化 ${differenceText(own, 'zh')}`
      : `from ${smallest.network} to ${largest.network} (${numberText(timesMacs)} times the multiply-adds) accuracy moves by ${differenceText(own, 'en')}`;
  const verdict = {
    above: { en: 'On these test images dense networks gain more.', zh: '在这些测试图像上，稠密网络的收益更大。' },
    below: { en: 'On these test images dense networks gain less.', zh: '在这些测试图像上，稠密网络的收益更小。' },
    open: { en: 'Which gains more cannot be told.', zh: '无法判断哪一种收益更大。' },
  }[signOf(gain)];
  return [
    {
      about:
        by === 'depth'
          ? { en: 'Accuracy by depth', zh: '加深与准确率' }
          : { en: 'Accuracy by width', zh: '加宽与准确率' },
      says: {
        en: `Residual: ${of(residual, 'en')}. Dense: ${of(dense, 'en')}. ${verdict.en}`,
        zh: `残差：${of(residual, 'zh')}。稠密：${of(dense, 'zh')}。${verdict.zh}`,
      },
    },
  ];
}

function timeFinding(result: ScalingResult): Shown['findings'][number] {
  const [residual, dense] = [rateOf(result, 'residual'), rateOf(result, 'dense')];
  const ratio = numberText(residual / dense);
  const [r, d] = [residual, dense].map((rate) => numberText(rate, 'multiplyAdds'));
  return {
    about: { en: 'Time', zh: '时间' },
    says: {
      en: `Training does ${r} multiply-adds a second in the residual networks and ${d} in the dense ones: one of them takes ${ratio} times as long in a dense network.`,
      zh: `训练时残差网络每秒完成 ${r} 次乘加，稠密网络为 ${d} 次：稠密网络的每次乘加用时是残差网络的 ${ratio} 倍。`,
    },
  };
}

function memoryFinding(result: ScalingResult): Shown['findings'] {
  const found = growthsOf(result, 'depth');
  if (!found) return [];
  const { residual, dense } = found;
  const power = (value: number) => numberText(Math.round(value * 100) / 100);
  const perMac = ({ largest }: Growth) => numberText(largest.memoryBytes / largest.macs);
  return [
    {
      about: { en: 'Memory', zh: '内存' },
      says: {
        en: `With depth L the memory of a training step grows as L^${power(residual.memoryExponent)} in residual networks and L^${power(dense.memoryExponent)} in dense ones, or L^${power(dense.recomputedExponent)} where those compute concatenations and batch norms again. The largest need ${perMac(residual)} and ${perMac(dense)} bytes for each multiply-add of an image.`,
        zh: `随深度 L，训练步的内存在残差网络中按 L^${power(residual.memoryExponent)} 增长，在稠密网络中按 L^${power(dense.memoryExponent)} 增长；若重新计算拼接与批归一化，则为 L^${power(dense.recomputedExponent)}。两类中最大的网络，每张图像的每次乘加分别需要 ${perMac(residual)} 和 ${perMac(dense)} 字节。`,
      },
    },
  ];
}
