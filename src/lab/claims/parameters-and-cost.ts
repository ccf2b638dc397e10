/** Claim 7: ResNets have fewer parameters, DenseNets cost more computation. */
import { multiplyAdds, numberText, type Words } from '../../report/index.ts';
import { countLess, pairsOfEqualAccuracy } from '../arithmetic/cost-pairs.ts';
import { memoryFigures } from '../experiments/memory-figures.ts';
import { costed, equalPoints } from '../experiments/memory-findings.ts';
import type { MeasuredNetwork, MemoryResult } from '../experiments/memory-result.ts';
import { inChineseMarks } from '../number-words.ts';
import { type ClaimNumber, defineClaim, type Verdict } from './claim.ts';
import { sources } from './sources.ts';

const measuredPair = ['densenet-bc40-k12', 'resnet20'] as const;

export const parametersAndCost = defineClaim<readonly [MemoryResult]>({
  id: 'parameters-and-cost',
  number: 7,
  question: {
    en: 'Has ResNet fewer parameters, and does DenseNet cost more computation?',
    zh: 'ResNet 的参数更少、DenseNet 的计算量更大吗？',
  },
  article: {
    en: 'Usually ResNet has fewer parameters and DenseNet more. Usually DenseNet costs more computation, because dense connections add to it.',
    zh: '通常情况下,ResNet的参数数量较少,而DenseNet的参数数量较多。……通常情况下,DenseNet的计算复杂度较高,因为它的稠密连接会增加计算量。',
  },
  sources: [sources.memory],
  answer(results) {
    const [result] = results;
    const { networks, large } = result;
    const pairs = pairsOfEqualAccuracy(large.map(costed), equalPoints);
    const fewer = countLess(pairs, ({ params }) => params);
    const cheaper = countLess(pairs, ({ macs }) => macs);
    const lighter = countLess(pairs, ({ trafficBytes }) => trafficBytes);
    const [dense, residual] = ['densenet121', 'resnet50'].map((name) => large.find((one) => one.name === name));
    const [a, b] = measuredPair.map((name) => networks.find((one) => one.name === name));
    const usual =
      dense && residual
        ? ([
            `DenseNet-121 ${numberText(dense.params, 'count')}, ResNet-50 ${numberText(residual.params, 'count')}`,
            `${multiplyAdds(dense.macs)}, ${multiplyAdds(residual.macs)}`,
          ] as const)
        : undefined;
    const measured = a && b ? stepText(a, b) : undefined;
    const verdict = verdictOf(pairs.length, fewer, cheaper);
    return {
      verdict,
      answer: {
        en: `${usual ? `Parameters: ${usual[0]}; multiply-adds for one image: ${usual[1]}. ` : ''}Among ${pairs.length} pairs of published networks whose accuracy differs by at most ${equalPoints} point, the dense one has fewer parameters in ${fewer} and fewer multiply-adds in ${cheaper}: ${ofThePairs[verdict].en}. ${isReverse(pairs.length, lighter) ? 'They also move fewer bytes' : 'What dense networks cost is memory traffic: they move fewer bytes'} in ${lighter === 0 ? 'none' : lighter} of these pairs.${measured ? ` ${measured.en}` : ''}`,
        zh: `${usual ? `参数量：${inChineseMarks(usual[0])}；处理一张图像的乘加次数：${inChineseMarks(usual[1])}。` : ''}已发表的网络中有 ${pairs.length} 对准确率相差不超过 ${equalPoints} 个百分点，其中稠密网络参数更少的有 ${fewer} 对，乘加更少的有 ${cheaper} 对：${ofThePairs[verdict].zh}。${isReverse(pairs.length, lighter) ? '读写字节也更少的' : '稠密网络的代价在于访存：读写字节更少的'}${lighter === 0 ? '一对也没有' : `有 ${lighter} 对`}。${measured ? measured.zh : ''}`,
      },
      numbers: numbersOf(result),
      ...withFigure(result),
    };
  },
});

const ofThePairs: Readonly<Record<Verdict, Words>> = {
  holds: { en: 'as the article says', zh: '与文章所说一致' },
  'does not hold': { en: 'the reverse of what the article says', zh: '与文章所说相反' },
  'in part': { en: 'only in part what the article says', zh: '只部分符合文章的说法' },
  open: { en: 'so nothing follows', zh: '因此得不出结论' },
};

const isReverse = (pairs: number, count: number) => count > pairs / 2;

function verdictOf(pairs: number, fewer: number, cheaper: number): Verdict {
  if (pairs === 0) return 'open';
  const reversed = [fewer, cheaper].filter((count) => isReverse(pairs, count)).length;
  return reversed === 2 ? 'does not hold' : reversed === 1 ? 'in part' : 'holds';
}

function stepText(a: MeasuredNetwork, b: MeasuredNetwork) {
  const perMac = ({ step, macs }: MeasuredNetwork) => step.seconds / macs;
  const ratio = (perMac(a) / perMac(b)).toFixed(1);
  const [time, peak] = [
    [a, b].map(({ step }) => numberText(step.seconds, 'seconds')),
    [a, b].map(({ step }) => numberText(step.peakBytes, 'memory')),
  ];
  return {
    en: `Measured here, a training step of ${a.name} takes ${time[0]} and ${peak[0]}, one of ${b.name} ${time[1]} and ${peak[1]}; a multiply-add takes ${ratio} times as long.`,
    zh: `本次测量中，${a.name} 的一个训练步用时 ${time[0]}、内存 ${peak[0]}，${b.name} 为 ${time[1]}、${peak[1]}；按每次乘加计，用时是后者的 ${ratio} 倍。`,
  };
}

function numbersOf({ networks, large }: MemoryResult): ClaimNumber[] {
  const counted = ['densenet121', 'resnet50'].flatMap((name) => large.filter((one) => one.name === name));
  return [
    ...counted.flatMap(({ name, params, macs, traffic, published }): ClaimNumber[] => [
      { name: { en: `parameters of ${name}`, zh: `${name} 的参数量` }, value: params, format: 'count' },
      { name: { en: `multiply-adds of ${name}`, zh: `${name} 的乘加次数` }, value: macs, format: 'multiplyAdds' },
      { name: { en: `bytes moved by ${name}`, zh: `${name} 的读写字节数` }, value: traffic.bytes, format: 'memory' },
      {
        name: { en: `accuracy of ${name} on ImageNet`, zh: `${name} 在 ImageNet 上的准确率` },
        value: published.top1 === undefined ? null : published.top1 / 100,
        format: 'percent',
        source: { en: 'torchvision’s first weights', zh: 'torchvision 的第一版权重' },
      },
    ]),
    ...networks.flatMap(({ name, params, macs, step }): ClaimNumber[] => [
      { name: { en: `parameters of ${name}`, zh: `${name} 的参数量` }, value: params, format: 'count' },
      { name: { en: `multiply-adds of ${name}`, zh: `${name} 的乘加次数` }, value: macs, format: 'multiplyAdds' },
      { name: { en: `training step of ${name}`, zh: `${name} 的训练步用时` }, value: step.seconds, format: 'seconds' },
      {
        name: { en: `peak of ${name}’s step`, zh: `${name} 训练步的内存峰值` },
        value: step.peakBytes,
        format: 'memory',
      },
    ]),
  ];
}

function withFigure(result: MemoryResult) {
  const figure = memoryFigures(result, 0).find(({ id }) => id === 'accuracy-parameters');
  return figure ? { figure } : {};
}
