/** What the norms of published networks show: at the first step, while they train, and of a network of one's own. */
import type { LaboratoryFinding, Words } from '../../report/index.ts';
import { inChineseMarks } from '../number-words.ts';
import { leastShare } from './gradient-norms.ts';
import type { GradientResult } from './gradient-result.ts';
import { short } from './tower-readings.ts';
import { type FirstReading, firstReading, type TrainingReading, trainingReading } from './training-readings.ts';

export function networkFindings({ networks, own }: GradientResult): LaboratoryFinding[] {
  const first = networks.map(firstReading);
  const trained = networks.filter(({ steps }) => steps.length > 1).map(trainingReading);
  return [
    ...(first.length > 0 ? [{ about: { en: 'with batch norm', zh: '有批归一化' }, says: atFirst(first) }] : []),
    ...(trained.length > 0 ? [{ about: { en: 'over training', zh: '训练过程中' }, says: overTraining(trained) }] : []),
    ...(own ? [{ about: { en: 'your network', zh: '你的网络' }, says: ofOwn(firstReading(own)) }] : []),
  ];
}

/** Plain networks, by their names. */
export const isPlain = ({ network }: { readonly network: string }): boolean => network.startsWith('plain');

/** Whether the plain networks keep healthy norms; undefined where it cannot be told. */
export function plainIsHealthy(first: readonly FirstReading[]): boolean | undefined {
  const ratios = first.filter(isPlain).map(({ ratio }) => ratio);
  if (ratios.length === 0 || ratios.includes(null)) return undefined;
  return ratios.every((ratio) => (ratio as number) >= leastShare && (ratio as number) <= 1 / leastShare);
}

function atFirst(first: readonly FirstReading[]): Words {
  const healthy = plainIsHealthy(first);
  const vanished = first.some((one) => isPlain(one) && one.ratio !== null && one.ratio < leastShare);
  const outcome: Words =
    healthy === undefined
      ? { en: 'This run cannot tell it of plain networks.', zh: '这次运行无法对普通网络作出判断。' }
      : healthy
        ? {
            en: 'So it came out: with batch norm the plain networks’ gradients do not vanish, which the article says they do.',
            zh: '结果与此一致：有批归一化时，普通网络的梯度没有消失，而文章说会消失。',
          }
        : vanished
          ? {
              en: 'Here a plain network’s first layer gets less than a hundredth of the last one’s: it vanishes, as the article says.',
              zh: '这里普通网络第一层的梯度不到最后一层的百分之一：梯度消失，如文章所说。',
            }
          : {
              en: 'Here a plain network’s first layer gets more than a hundred times the last one’s: it does not vanish but explodes at the start, as the mean field theory of batch norm expects of deep plain networks (Yang et al. 2019, arXiv 1902.08129).',
              zh: '这里普通网络第一层的梯度超过最后一层的一百倍：梯度在开始时不是消失，而是爆炸，与批归一化的平均场理论对深层普通网络的预期一致（Yang 等人 2019，arXiv 1902.08129）。',
            };
  const numbers = (spreadWord: string) =>
    first.map(({ network, ratio, spread }) => `${network} ${short(ratio)} (${spreadWord} ${short(spread)})`).join(', ');
  return {
    en: `With batch norm, at the first step, the first convolution’s gradient by the last one’s is ${numbers('largest by smallest')}. He et al. 2015 (arXiv 1512.03385, §4.1) found healthy norms in plain networks. ${outcome.en}`,
    zh: `有批归一化时，第一步中第一个卷积与最后一个卷积的梯度之比为 ${inChineseMarks(numbers('各层最大比最小'))}。He 等人 2015（arXiv 1512.03385，§4.1）发现普通网络的梯度范数正常。${outcome.zh}`,
  };
}

/** With one seed, ranges whose quotient is less are not told apart. */
const leastQuotient = 2;

/** Whether residual networks keep their first layer's gradient steadier than plain ones of the same call; undefined where it cannot be told. */
export function residualIsSteadier(trained: readonly TrainingReading[]): boolean | undefined {
  const ranges = (plain: boolean) => trained.filter((one) => isPlain(one) === plain).map(({ range }) => range);
  const [plain, residual] = [ranges(true), ranges(false)];
  if (plain.length === 0 || residual.length === 0 || [...plain, ...residual].includes(null)) return undefined;
  const quotient = Math.min(...(plain as number[])) / Math.max(...(residual as number[]));
  if (quotient > 1 / leastQuotient && quotient < leastQuotient) return undefined;
  return quotient > 1;
}

function overTraining(trained: readonly TrainingReading[]): Words {
  const steadier = residualIsSteadier(trained);
  const outcome: Words =
    steadier === undefined
      ? { en: 'Which is steadier cannot be told.', zh: '无法判断哪一种更稳定。' }
      : steadier
        ? {
            en: 'The residual networks’ moves less, as the article says.',
            zh: '残差网络的梯度变动较小，与文章所说一致。',
          }
        : {
            en: 'The residual networks’ does not move less than the plain ones’, against the article.',
            zh: '残差网络的梯度变动并不比普通网络小，与文章所说不符。',
          };
  const texts = (to: string, range: string, spread: string, end: string) =>
    trained
      .map(
        (one) =>
          `${one.network} ${short(one.early)} ${to} ${short(one.late)} (${range} ${short(one.range)}, ${spread} ${short(one.spread)}${end})`,
      )
      .join('; ');
  const steps = Math.max(...trained.map((one) => one.steps));
  return {
    en: `Over ${steps} steps the norm at the first convolution goes from ${texts('to', 'its largest by its smallest', 'largest by smallest layer', '')}. The article says that residual connections keep it stable through training. ${outcome.en}`,
    zh: `在 ${steps} 步训练中，第一个卷积的梯度范数变化为 ${inChineseMarks(texts('→', '最大比最小', '各层最大比最小', ''))}。文章说残差连接使梯度在整个训练过程中保持稳定。${outcome.zh}`,
  };
}

const ofOwn = ({ network, ratio, spread }: FirstReading): Words => ({
  en: `${network}, as it predicts, has ${short(ratio)} times the gradient at its first convolution that it has at its last; the largest layer’s is ${short(spread)} times the smallest one’s.`,
  zh: `${network} 在评估模式下，第一个卷积的梯度是最后一个卷积的 ${short(ratio)} 倍；各层中最大的梯度是最小的 ${short(spread)} 倍。`,
});
