/** What transfer and distillation come to, as sentences and figures. */
import { type Figure, type LaboratoryFinding, percent, type Words } from '../../report/index.ts';
import { mean } from '../arithmetic/averages.ts';
import { type Curve, compareSpeed, firstAt, type SpeedComparison, speedVerdict } from '../arithmetic/steps-to.ts';
import type { Shown } from '../experiment.ts';
import { differenceText } from '../number-words.ts';
import type { TransferResult } from './transfer-result.ts';

/** Both comparisons: the usual way, then the one that is claimed to be faster. */
export const speedsOf = ({ transfer, distillation, every }: TransferResult) => ({
  transfer: compareSpeed(transfer.scratch, transfer.tuned, every),
  distillation: compareSpeed(distillation.alone, distillation.taught, every),
});

export function showTransfer(result: TransferResult): Shown {
  const speeds = speedsOf(result);
  const { transfer, distillation } = result;
  return {
    findings: [transferFinding(result, speeds.transfer), distillationFinding(result, speeds.distillation)],
    figures: [
      curves('transfer-curves', { en: 'The second half of the classes', zh: '后一半类别' }, [
        [fromScratch, transfer.scratch],
        [fineTuned, transfer.tuned],
      ]),
      curves('distillation-curves', { en: 'With a teacher and without', zh: '有教师网络与无教师网络' }, [
        [withoutTeacher, distillation.alone],
        [withTeacher, distillation.taught],
      ]),
      speedTable(result, speeds),
      targetTable(result),
    ],
  };
}

/** Hinton et al. 2015 (arXiv 1503.02531), §1. */
export const paperOnTeachers: Words = {
  en: 'Hinton et al. (2015) claim a better student, and that with soft targets it can often do with much less data than the teacher and a much higher rate; here images and rate are the same with a teacher and without.',
  zh: 'Hinton 等人（2015）主张的是学生网络更准确，并指出借助软目标，学生网络往往只需比教师网络少得多的数据，还可以用高得多的学习率；这里有无教师网络时图像和学习率都相同。',
};

const fromScratch = { en: 'from scratch', zh: '从头训练' };
const fineTuned = { en: 'fine-tuned', zh: '微调' };
const withoutTeacher = { en: 'without a teacher', zh: '无教师网络' };
const withTeacher = { en: 'with a teacher', zh: '有教师网络' };

const seconds = (value: number) => `${value.toFixed(1)} s`;
const number = (value: number) => (value < 0 ? '−' : '') + Math.abs(value).toFixed(1);

/** A comparison in words. */
function speedText(speed: SpeedComparison, slow: Words, fast: Words): Words {
  const { target, steps, saved, gained, seconds: taken } = speed;
  const verdict = {
    faster: { en: `Here it is faster ${fast.en}`, zh: `此处${fast.zh}更快` },
    slower: { en: `Here it is slower ${fast.en}`, zh: `此处${fast.zh}更慢` },
    unclear: {
      en: 'Whether it is faster cannot be told from these seeds',
      zh: '凭这些种子无法判断是否更快',
    },
  }[speedVerdict(speed)];
  const ends = { value: gained.mean, low: gained.low, high: gained.high };
  return {
    en: `To ${percent(target, 0)} accuracy it takes ${number(steps.fast)} steps (${seconds(taken.fast)}) ${fast.en}, ${number(steps.slow)} steps (${seconds(taken.slow)}) ${slow.en}: ${number(Math.abs(saved.mean))} ${saved.mean < 0 ? 'more' : 'fewer'} (steps saved, 95 % interval over seeds ${number(saved.low)} to ${number(saved.high)}). ${verdict.en}. After the last step the accuracy ${fast.en}, less that ${slow.en}, is ${differenceText(ends, 'en')}.`,
    zh: `达到 ${percent(target, 0)} 准确率：${fast.zh}需 ${number(steps.fast)} 步（${seconds(taken.fast)}），${slow.zh}需 ${number(steps.slow)} 步（${seconds(taken.slow)}），前者${saved.mean < 0 ? '多' : '少'}用 ${number(Math.abs(saved.mean))} 步（节省步数，按各随机种子计算的 95 % 置信区间：${number(saved.low)} 至 ${number(saved.high)}）。${verdict.zh}。最后一步之后，${fast.zh}与${slow.zh}的准确率之差为 ${differenceText(ends, 'zh')}。`,
  };
}

function transferFinding({ network, transfer }: TransferResult, speed: SpeedComparison): LaboratoryFinding {
  const { from, to, images, pretraining } = transfer;
  const text = speedText(speed, fromScratch, fineTuned);
  const worth = worthOf(speed, pretraining.seconds);
  return {
    about: { en: 'transfer', zh: '迁移学习' },
    says: {
      en: `${network}, trained on ${from.join(', ')} (${percent(pretraining.top1)} of these right), learns ${to.join(', ')} from ${images} images. ${text.en} The training before took ${seconds(pretraining.seconds)}: ${worth.en}.`,
      zh: `${network} 先在 ${from.join('、')} 上训练（这些类别的准确率为 ${percent(pretraining.top1)}），再用 ${images} 张图像学习 ${to.join('、')}。${text.zh}预训练用了 ${seconds(pretraining.seconds)}：${worth.zh}。`,
    },
  };
}

/** What fine-tuning saves beside the training before it. */
function worthOf(speed: SpeedComparison, before: number): Words {
  const verdict = speedVerdict(speed);
  const saved = speed.seconds.slow - speed.seconds.fast;
  if (verdict === 'slower') return { en: 'no time is saved', zh: '没有节省时间' };
  if (verdict === 'unclear' || saved <= 0) return { en: 'no saving of time can be told', zh: '无法判断是否节省了时间' };
  return saved > before
    ? { en: 'the time saved is more than that', zh: '节省的时间超过了它' }
    : {
        en: 'it saves time only where those weights are there already or used again',
        zh: '只有权重已经现成或重复使用时，才节省时间',
      };
}

function distillationFinding({ network, distillation }: TransferResult, speed: SpeedComparison): LaboratoryFinding {
  const { teacher, temperature, share, images, answerSeconds } = distillation;
  const text = speedText(speed, withoutTeacher, withTeacher);
  return {
    about: { en: 'distillation', zh: '知识蒸馏' },
    says: {
      en: `${network} learns from ${images} images; its teacher ${teacher.network} has ${percent(teacher.top1)} of the test images right (T = ${temperature}, share ${share}). ${text.en} The teacher took ${seconds(teacher.seconds)} to train and ${seconds(answerSeconds)} to answer, which the student’s time does not hold. ${paperOnTeachers.en}`,
      zh: `${network} 用 ${images} 张图像学习；教师网络 ${teacher.network} 在测试图像上的准确率为 ${percent(teacher.top1)}（T = ${temperature}，软目标损失的占比 ${share}）。${text.zh}教师网络训练用了 ${seconds(teacher.seconds)}，计算输出用了 ${seconds(answerSeconds)}，不计入学生网络的时间。${paperOnTeachers.zh}`,
    },
  };
}

function curves(id: string, title: Words, ways: readonly (readonly [Words, readonly Curve[]])[]): Figure {
  const at = (all: readonly Curve[], i: number) => all.map((curve) => curve.points[i]?.top1 ?? Number.NaN);
  return {
    kind: 'lines',
    id,
    title,
    note: {
      en: 'Means over seeds; the band is from the lowest to the highest.',
      zh: '各随机种子的平均值；色带从最低到最高。',
    },
    x: { label: { en: 'training step', zh: '训练步' }, format: 'count' },
    y: { label: { en: 'test accuracy', zh: '测试准确率' }, format: 'percent', domain: [0, 1] },
    series: ways.map(([name, all]) => ({
      name,
      points: (all[0]?.points ?? []).map(({ step }, i) => [step, mean(at(all, i))] as const),
      band: (all[0]?.points ?? []).map((_, i) => [Math.min(...at(all, i)), Math.max(...at(all, i))] as const),
    })),
  };
}

function speedTable(
  { transfer, distillation }: TransferResult,
  speeds: Readonly<Record<'transfer' | 'distillation', SpeedComparison>>,
): Figure {
  const rows = (what: Words, names: readonly [Words, Words], speed: SpeedComparison, before: readonly number[]) =>
    (['slow', 'fast'] as const).map((way, i) => [
      { en: `${what.en} ${names[i]?.en}`, zh: `${what.zh}：${names[i]?.zh}` },
      speed.target,
      speed.steps[way],
      speed.seconds[way],
      before[i] as number,
    ]);
  return {
    kind: 'table',
    id: 'speed',
    title: { en: 'To the same accuracy', zh: '达到相同准确率' },
    note: {
      en: 'Means over seeds. Seconds are those of training steps alone; beside them what was spent before: the training that is transferred, or the teacher’s and its answers.',
      zh: '各随机种子的平均值。用时只含训练步；旁边一栏是事先的用时：预训练，或教师网络的训练与推理。',
    },
    columns: [
      { label: { en: 'way', zh: '方式' } },
      { label: { en: 'target', zh: '目标' }, format: 'percent' },
      { label: { en: 'steps', zh: '步数' } },
      { label: { en: 'time', zh: '用时' }, format: 'seconds' },
      { label: { en: 'time before', zh: '事先的用时' }, format: 'seconds' },
    ],
    rows: [
      ...rows({ en: 'second half', zh: '后一半类别' }, [fromScratch, fineTuned], speeds.transfer, [
        0,
        transfer.pretraining.seconds,
      ]),
      ...rows({ en: 'student', zh: '学生网络' }, [withoutTeacher, withTeacher], speeds.distillation, [
        0,
        distillation.teacher.seconds + distillation.answerSeconds,
      ]),
    ],
  };
}

const targets = [0.5, 0.6, 0.7, 0.8, 0.9];

function targetTable({ transfer, distillation }: TransferResult): Figure {
  const ways: readonly (readonly [Words, readonly Curve[]])[] = [
    [fromScratch, transfer.scratch],
    [fineTuned, transfer.tuned],
    [withoutTeacher, distillation.alone],
    [withTeacher, distillation.taught],
  ];
  return {
    kind: 'table',
    id: 'targets',
    title: { en: 'Steps to other accuracies', zh: '达到其他准确率的步数' },
    note: {
      en: 'Means over seeds; – where a seed did not get there.',
      zh: '各随机种子的平均值；– 表示有种子没有达到。',
    },
    columns: [
      { label: { en: 'way', zh: '方式' } },
      ...targets.map((target) => ({ label: percent(target, 0) })),
      { label: { en: 'at the end', zh: '最后' }, format: 'percent' as const },
    ],
    rows: ways.map(([name, all]) => [
      name,
      ...targets.map((target) => {
        const found = all.map((curve) => firstAt(curve, target)?.step);
        return found.some((step) => step === undefined) ? null : mean(found as number[]);
      }),
      mean(all.map((curve) => curve.points.at(-1)?.top1 ?? Number.NaN)),
    ]),
  };
}
