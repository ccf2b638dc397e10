/** Claim 12: transfer learning and distillation speed training up. */
import { percent } from '../../report/index.ts';
import { type SpeedComparison, speedVerdict } from '../arithmetic/steps-to.ts';
import type { TransferResult } from '../experiments/transfer-result.ts';
import { paperOnTeachers, speedsOf } from '../experiments/transfer-shown.ts';
import { besideArticle } from './beside-article.ts';
import { defineClaim, type Verdict } from './claim.ts';
import { sources } from './sources.ts';

export const transferClaim = defineClaim<readonly [TransferResult]>({
  id: 'transfer-and-distillation',
  number: 12,
  question: {
    en: 'Do transfer learning and distillation make training faster?',
    zh: '迁移学习和知识蒸馏能加快训练吗？',
  },
  article: {
    en: 'We can study more efficient methods, such as knowledge transfer and transfer learning, to speed up training.',
    zh: '我们可以研究更高效的训练方法,例如知识迁移学习、迁移学习等,以加速模型的训练过程。',
  },
  sources: [sources.transfer],
  answer([result]) {
    const speeds = speedsOf(result);
    const [tuned, taught] = [speedWords(speeds.transfer), speedWords(speeds.distillation)];
    const { pretraining } = result.transfer;
    const { teacher } = result.distillation;
    const verdict = verdictOf([speedVerdict(speeds.transfer), speedVerdict(speeds.distillation)]);
    return {
      verdict,
      answer: {
        en: `Fine-tuned from other classes ${tuned.en}. With a teacher ${taught.en}. What came before is not in that: ${pretraining.seconds.toFixed(1)} s for the weights, ${teacher.seconds.toFixed(1)} s for the teacher. ${paperOnTeachers.en} ${besideArticle[verdict].en}`,
        zh: `用其他类别上预训练的权重微调：${tuned.zh}。有教师网络：${taught.zh}。以上不含事先的用时：预训练 ${pretraining.seconds.toFixed(1)} s，训练教师网络 ${teacher.seconds.toFixed(1)} s。${paperOnTeachers.zh}${besideArticle[verdict].zh}`,
      },
      numbers: [
        ...numbersOf(speeds.transfer, { en: 'fine-tuned', zh: '微调' }, { en: 'from scratch', zh: '从头训练' }),
        ...numbersOf(
          speeds.distillation,
          { en: 'with a teacher', zh: '有教师网络' },
          { en: 'without', zh: '无教师网络' },
        ),
      ],
    };
  },
});

function speedWords(speed: SpeedComparison): { en: string; zh: string } {
  const { target, steps, saved } = speed;
  const [low, high] = [saved.low, saved.high].map((end) => end.toFixed(1).replace('-', '−'));
  const verdict = {
    faster: { en: 'is faster', zh: '更快' },
    slower: { en: 'is slower', zh: '更慢' },
    unclear: { en: 'cannot be told from the other', zh: '无法判断快慢' },
  }[speedVerdict(speed)];
  const [fast, slow] = [steps.fast.toFixed(1), steps.slow.toFixed(1)];
  return {
    en: `it ${verdict.en}: ${fast} steps against ${slow} to ${percent(target, 0)} accuracy (saved, 95 % interval ${low} … ${high})`,
    zh: `${verdict.zh}，达到 ${percent(target, 0)} 准确率需 ${fast} 步，否则需 ${slow} 步（节省步数的 95 % 置信区间 ${low} 至 ${high}）`,
  };
}

const numbersOf = (
  { target, steps }: SpeedComparison,
  fast: { en: string; zh: string },
  slow: { en: string; zh: string },
) =>
  (
    [
      [fast, steps.fast],
      [slow, steps.slow],
    ] as const
  ).map(([name, value]) => ({
    name: {
      en: `steps to ${percent(target, 0)}, ${name.en}`,
      zh: `达到 ${percent(target, 0)} 的步数，${name.zh}`,
    },
    value,
  }));

function verdictOf(found: readonly ('faster' | 'slower' | 'unclear')[]): Verdict {
  if (found.every((one) => one === 'faster')) return 'holds';
  if (found.includes('faster')) return 'in part';
  return found.includes('slower') ? 'does not hold' : 'open';
}
