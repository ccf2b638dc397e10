/** What the counts and the measurements say, beside the article and the papers. */
import { type LaboratoryFinding, multiplyAdds, numberText, type Words } from '../../report/index.ts';
import { type Costed, countLess, pairsOfEqualAccuracy } from '../arithmetic/cost-pairs.ts';
import { inChineseMarks } from '../number-words.ts';
import type { CountedNetwork, LargeNetwork, MeasuredNetwork, MemoryResult } from './memory-result.ts';

const memoryText = (bytes: number) => numberText(bytes, 'memory');
const millions = (params: number) => (params / 1e6).toFixed(1);
const percent = (share: number) => numberText(share, 'percent');
const signed = (share: number) => `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;

/** Percentage points within which two published accuracies count as equal. */
export const equalPoints = 1;

/** As pairs are made of. */
export const costed = ({ name, params, macs, traffic, published }: LargeNetwork): Costed => ({
  name,
  params,
  macs,
  trafficBytes: traffic.bytes,
  ...(published.top1 !== undefined && { top1: published.top1 }),
});

export function memoryFindings({ networks, large, least }: MemoryResult, batchSize: number): LaboratoryFinding[] {
  const find = <One extends CountedNetwork>(all: readonly One[], name: string) => all.find((one) => one.name === name);
  const [dense, residual] = [find(large, 'densenet121'), find(large, 'resnet50')];
  return [
    ...(dense && residual ? [{ about: { en: 'parameters', zh: '参数量' }, says: usualPair(dense, residual) }] : []),
    { about: { en: 'equal accuracy', zh: '相同准确率' }, says: equalAccuracy(large) },
    ...(dense && residual ? [{ about: { en: 'memory traffic', zh: '访存量' }, says: traffic(dense, residual) }] : []),
    ...measuredPairs(networks, batchSize),
    ...networks.flatMap((one) => (one.recomputing ? [recomputation(one, one.recomputing, batchSize)] : [])),
    {
      about: { en: 'plan and process', zh: '计划与实测' },
      says: {
        en: `Of ${networks.length} training steps of ${batchSize} images, the processes held ${ranged(networks.map(({ step, planned }) => step.peakBytes / planned.step.totalBytes))} times what the plan needs for weights and results; one with a single layer holds ${memoryText(least.peakBytes)} already.`,
        zh: `${networks.length} 个网络、每批 ${batchSize} 张图像的训练步中，进程占用的内存是计划所需（权重与中间结果）的 ${ranged(networks.map(({ step, planned }) => step.peakBytes / planned.step.totalBytes))} 倍；只有一层的网络也要 ${memoryText(least.peakBytes)}。`,
      },
    },
    { about: { en: 'published counts', zh: '公布的数值' }, says: publishedCounts(large) },
  ];
}

const ranged = (numbers: readonly number[]) => `${Math.min(...numbers).toFixed(1)}–${Math.max(...numbers).toFixed(1)}`;

function usualPair(dense: LargeNetwork, residual: LargeNetwork): Words {
  const isReversed = dense.params < residual.params;
  const accuracies = [dense, residual].map(({ published }) => published.top1?.toFixed(2) ?? '–');
  return {
    en: `The article says that ResNets have fewer parameters and DenseNets more. ${isReversed ? 'It is the reverse' : 'So it is'} for the usual pair: DenseNet-121 has ${millions(dense.params)} M parameters and ${multiplyAdds(dense.macs)} multiply-adds, ResNet-50 ${millions(residual.params)} M and ${multiplyAdds(residual.macs)}. They are not equally accurate, though: ${accuracies.join(' % against ')} % right on ImageNet (torchvision's first weights).`,
    zh: `文章说 ResNet 的参数较少，DenseNet 较多。就常用来比较的一对网络而言，${isReversed ? '恰好相反' : '确实如此'}：DenseNet-121 有 ${millions(dense.params)} M 参数、${multiplyAdds(dense.macs)} 次乘加，ResNet-50 有 ${millions(residual.params)} M 参数、${multiplyAdds(residual.macs)} 次乘加。但两者准确率并不相同：在 ImageNet 上为 ${accuracies.join(' % 与 ')} %（torchvision 的第一版权重）。`,
  };
}

function equalAccuracy(large: readonly LargeNetwork[]): Words {
  const pairs = pairsOfEqualAccuracy(large.map(costed), equalPoints);
  const [params, macs, bytes] = [
    countLess(pairs, (one) => one.params),
    countLess(pairs, (one) => one.macs),
    countLess(pairs, ({ trafficBytes }) => trafficBytes),
  ];
  const names = pairs.map(({ dense, residual }) => `${dense.name} – ${residual.name}`).join(', ');
  if (pairs.length === 0)
    return {
      en: 'It cannot be told at equal accuracy: none of these networks are.',
      zh: '无法在相同准确率下比较：这些网络中没有准确率相当的一对。',
    };
  return {
    en: `At equal accuracy (published top-1 within ${equalPoints} point: ${names}) the dense network has fewer parameters in ${params} of ${pairs.length} pairs, fewer multiply-adds in ${macs}, and moves fewer bytes in ${bytes}. Huang et al. say that DenseNet-201 with 20 M parameters is as accurate as a ResNet-101 with more than 40 M, and that a DenseNet that computes as much as ResNet-50 is on par with ResNet-101. The article's “DenseNet has more parameters and costs more computation” is ${params > pairs.length / 2 && macs > pairs.length / 2 ? 'not so' : 'so in part'}.`,
    zh: `在相同准确率下（公布的 top-1 相差不超过 ${equalPoints} 个百分点：${inChineseMarks(names)}），${pairs.length} 对中稠密网络参数更少的有 ${params} 对，乘加更少的有 ${macs} 对，读写字节更少的有 ${bytes} 对。Huang 等人指出，20 M 参数的 DenseNet-201 与 40 M 以上参数的 ResNet-101 准确率相当，计算量与 ResNet-50 相同的 DenseNet 与 ResNet-101 相当。文章所说“DenseNet 参数较多、计算复杂度较高”${params > pairs.length / 2 && macs > pairs.length / 2 ? '并不成立' : '只是部分成立'}。`,
  };
}

function traffic(dense: LargeNetwork, residual: LargeNetwork): Words {
  const perMac = ({ traffic: { bytes }, macs }: CountedNetwork) => bytes / macs;
  const ratio = perMac(dense) / perMac(residual);
  const head: Words =
    ratio > 1
      ? { en: 'What dense networks do cost is memory traffic', zh: '稠密网络真正的代价在于访存' }
      : { en: 'Dense networks do not cost more memory traffic here', zh: '这里稠密网络的访存并不更多' };
  return {
    en: `${head.en}: for one image the ops of DenseNet-121 read and write ${memoryText(dense.traffic.bytes)}, ${percent(dense.traffic.joining / dense.traffic.bytes)} of it to join maps; those of ResNet-50 ${memoryText(residual.traffic.bytes)}. For each multiply-add that is ${ratio.toFixed(1)} times as much.`,
    zh: `${head.zh}：处理一张图像时，DenseNet-121 的各运算共读写 ${memoryText(dense.traffic.bytes)}，其中 ${percent(dense.traffic.joining / dense.traffic.bytes)} 用于拼接特征图；ResNet-50 为 ${memoryText(residual.traffic.bytes)}。按每次乘加计，访存是后者的 ${ratio.toFixed(1)} 倍。`,
  };
}

/** The smaller and the larger pair of what was measured. */
function measuredPairs(networks: readonly MeasuredNetwork[], batchSize: number): LaboratoryFinding[] {
  return [
    ['densenet-bc40-k12', 'resnet20'],
    ['densenet40-k12', 'resnet56'],
  ].flatMap(([first, second]) => {
    const dense = networks.find(({ name }) => name === first);
    const residual = networks.find(({ name }) => name === second);
    if (!dense || !residual) return [];
    const stepTime = ({ step }: MeasuredNetwork) => numberText(step.seconds, 'seconds');
    const perMac = ({ step, macs }: MeasuredNetwork) => step.seconds / (batchSize * macs);
    const ratio = (perMac(dense) / perMac(residual)).toFixed(1);
    const text = ({ name, params, macs, step }: MeasuredNetwork) =>
      ({
        en: `${name} has ${numberText(params, 'count')} parameters and ${multiplyAdds(macs)} multiply-adds`,
        zh: `${name} 有 ${numberText(params, 'count')} 个参数、${multiplyAdds(macs)} 次乘加`,
        peak: memoryText(step.peakBytes),
      }) as const;
    const [a, b] = [text(dense), text(residual)];
    return [
      {
        about: { en: `${dense.name}, ${residual.name}`, zh: `${dense.name}、${residual.name}` },
        says: {
          en: `${a.en}, ${b.en}. A training step of ${batchSize} images takes ${stepTime(dense)} against ${stepTime(residual)}, ${ratio} times as long for each multiply-add, and its process holds ${a.peak} against ${b.peak}.`,
          zh: `${a.zh}，${b.zh}。${batchSize} 张图像的一个训练步用时分别为 ${stepTime(dense)} 与 ${stepTime(residual)}，按每次乘加计，用时是后者的 ${ratio} 倍；进程的内存峰值分别为 ${a.peak} 与 ${b.peak}。`,
        },
      },
    ];
  });
}

function recomputation(network: MeasuredNetwork, again: MeasuredNetwork['step'], batchSize: number): LaboratoryFinding {
  const { name, planned, step } = network;
  const [plan, peak, time] = [
    planned.dense.totalBytes / planned.step.totalBytes - 1,
    again.peakBytes / step.peakBytes - 1,
    again.seconds / step.seconds - 1,
  ].map(signed);
  const saves = again.peakBytes < step.peakBytes;
  return {
    about: { en: `${name}: recomputation`, zh: `${name}：重计算` },
    says: {
      en: `Computing joins and batch norms again ${saves ? 'saves memory' : 'does not save memory here'}: ${plan} in the plan, ${peak} in the process (${memoryText(step.peakBytes)} to ${memoryText(again.peakBytes)}), for ${time} time, with ${batchSize} images. Pleiss et al. report 5453 to 1655 MB for +14 % time in one framework and 2863 to 1605 MB for +25 % in another, on graphics processors.`,
      zh: `重新计算拼接与批归一化${saves ? '节省了内存' : '在这里没有节省内存'}：计划中 ${plan}，进程中 ${peak}（${memoryText(step.peakBytes)} 变为 ${memoryText(again.peakBytes)}），用时 ${time}，每批 ${batchSize} 张。Pleiss 等人在 GPU 上的结果：一个框架由 5453 降到 1655 MB，用时 +14 %；另一个由 2863 降到 1605 MB，用时 +25 %。`,
    },
  };
}

function publishedCounts(large: readonly LargeNetwork[]): Words {
  const known = large.filter(({ published }) => published.params !== undefined);
  const equal = known.filter(({ params, published }) => params === published.params).length;
  const counted = large.filter(({ published }) => published.macs !== undefined);
  const close = counted.filter(({ macs, published }) => Math.abs(macs / (published.macs as number) - 1) < 0.005).length;
  return {
    en: `${equal} of ${known.length} large networks have exactly the published number of parameters, and ${close} of ${counted.length} the published multiply-adds within half a percent.`,
    zh: `${known.length} 个大网络中有 ${equal} 个的参数量与公布值完全一致，${counted.length} 个中有 ${close} 个的乘加次数与公布值相差不到 0.5 %。`,
  };
}
