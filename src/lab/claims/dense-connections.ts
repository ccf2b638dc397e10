/** Claim 4: dense connections pass information on better, with fewer parameters. */
import { multiplyAdds, numberText, type Words } from '../../report/index.ts';
import { hardlyLearnt, hasLearnt } from '../arithmetic/learnt.ts';
import { accuracyOf, betterOf } from '../arithmetic/paired-seeds.ts';
import { reuseNumbers } from '../arithmetic/reuse-numbers.ts';
import { differenceSentence, differencesOf } from '../experiments/accuracy-findings.ts';
import type { AccuracyResult } from '../experiments/accuracy-result.ts';
import { isShaped } from '../experiments/reuse-findings.ts';
import type { ReuseResult } from '../experiments/reuse-result.ts';
import { percentText } from '../number-words.ts';
import { type ClaimNumber, defineClaim, type Verdict } from './claim.ts';
import { denseTable, residualTable } from './paper-tables.ts';
import { sources } from './sources.ts';

/** Accuracies whose difference is within this on both ends of its interval count as equal. */
const equal = 0.02;

const published: readonly ClaimNumber[] = [
  {
    name: {
      en: 'parameters of densenet-bc100-k12, 4.51 % error on CIFAR-10',
      zh: 'densenet-bc100-k12 的参数量，CIFAR-10 误差 4.51 %',
    },
    value: 769_162,
    format: 'count',
    source: denseTable,
  },
  {
    name: { en: 'parameters of resnet110, 6.43 % error on CIFAR-10', zh: 'resnet110 的参数量，CIFAR-10 误差 6.43 %' },
    value: 1_727_962,
    format: 'count',
    source: residualTable,
  },
];

export const denseConnections = defineClaim<readonly [AccuracyResult, ReuseResult]>({
  id: 'dense-connections',
  number: 4,
  question: {
    en: 'Do dense connections pass information on better, with fewer parameters?',
    zh: '稠密连接能以更少的参数更有效地传递信息吗？',
  },
  article: {
    en: 'Dense connections pass information on more effectively and reduce the number of parameters.',
    zh: '稠密连接可以更有效地传递信息并减少模型的参数数量。',
  },
  sources: [sources.accuracy, sources.reuse],
  answer([trained, { networks }]) {
    const runsOf = (role: string) => trained.runs.filter((run) => run.role === role);
    const [dense, residual] = [runsOf('dense'), runsOf('residual')];
    const difference = differencesOf(trained).find(({ roles: [a, b] }) => a === 'dense' && b === 'residual');
    const [first, second, network] = [dense[0], residual[0], networks[0]];
    if (!first || !second || !difference || !network)
      return {
        verdict: 'open',
        answer: { en: 'No dense and residual network were measured.', zh: '缺少稠密网络或残差网络的测量结果。' },
        numbers: published,
      };
    const numbers = reuseNumbers(network.blocks);
    const better = betterOf(difference);
    const { low, high } = difference.accuracy;
    const isAsGood = better === 'a' || (better === 'open' && low > -equal && high < equal);
    const hasFewer = first.params < second.params;
    const readsEarly = isShaped(numbers) ? numbers.deep.readEarly === numbers.deep.layers : undefined;
    const costs = (language: 'en' | 'zh') =>
      [first, second]
        .map(({ network: name, params, macs }) =>
          language === 'zh'
            ? `${name} 有 ${numberText(params, 'count')} 个参数、${multiplyAdds(macs)} 次乘加`
            : `${name} has ${numberText(params, 'count')} parameters and ${multiplyAdds(macs)} multiply-adds`,
        )
        .join(language === 'zh' ? '，' : ', ');
    const flow = flowText(numbers);
    const unlearnt = hardlyLearnt(
      [dense, residual]
        .filter((runs) => !hasLearnt(1 - accuracyOf(runs).value, trained.classes))
        .flatMap(([run]) => (run ? [run.network] : [])),
    );
    const [before, beforeZh] = unlearnt ? [`${unlearnt.en}. `, `${unlearnt.zh}。`] : ['', ''];
    return {
      verdict: unlearnt ? 'open' : verdictOf({ isAsGood, isWorse: better === 'b', hasFewer, readsEarly }),
      answer: {
        en: `${before}${costs('en')}. ${differenceSentence(difference, 'en')} ${flow.en} In the papers densenet-bc100-k12 makes fewer errors on CIFAR-10 (4.51 %) than resnet110 (6.43 %) with 0.8 M parameters against 1.7 M.`,
        zh: `${beforeZh}${costs('zh')}。${differenceSentence(difference, 'zh')}${flow.zh}论文中，densenet-bc100-k12（0.8 M 参数）在 CIFAR-10 上的误差为 4.51 %，低于 resnet110（1.7 M 参数）的 6.43 %。`,
      },
      numbers: [
        ...[first, second].flatMap(({ network: name, params, macs, role }): ClaimNumber[] => [
          { name: { en: `parameters of ${name}`, zh: `${name} 的参数量` }, value: params, format: 'count' },
          { name: { en: `multiply-adds of ${name}`, zh: `${name} 的乘加次数` }, value: macs, format: 'multiplyAdds' },
          {
            name: { en: `accuracy of ${name}`, zh: `${name} 的准确率` },
            value: accuracyOf(runsOf(role)).value,
            format: 'percent',
          },
        ]),
        {
          name: { en: 'deep layers that read early features, share', zh: '读取早期特征的深层所占比例' },
          value: numbers.deep.readEarly / numbers.deep.layers,
          format: 'percent',
        },
        {
          name: { en: 'difference of weights between connections', zh: '各连接权重之间的差异' },
          value: numbers.spread,
          format: 'percent',
        },
        {
          name: { en: 'the same of untrained weights', zh: '未经训练时各连接权重之间的差异' },
          value: numbers.chance,
          format: 'percent',
          source: { en: 'computed for normal weights', zh: '按正态分布的权重计算' },
        },
        ...published,
      ],
      figure: {
        kind: 'points',
        id: 'accuracy-parameters',
        title: { en: 'Accuracy against parameters', zh: '准确率与参数量' },
        x: { label: { en: 'parameters', zh: '参数量' }, format: 'count' },
        y: { label: { en: 'accuracy', zh: '准确率' }, format: 'percent' },
        points: [...dense, ...residual].map(({ network: name, seed, params, test }) => ({
          name: { en: `seed ${seed}`, zh: `种子 ${seed}` },
          x: params,
          y: test.top1,
          group: name,
        })),
      },
    };
  },
});

function flowText(numbers: ReturnType<typeof reuseNumbers>): Words {
  const { deep, spread, chance } = numbers;
  if (!isShaped(numbers))
    return {
      en: `Whether deep layers use early features cannot be told yet: connections differ by ${percentText(spread)}, untrained ones by ${percentText(chance)}.`,
      zh: `尚无法判断深层是否使用早期特征：各连接的权重相差 ${percentText(spread)}，未经训练时相差 ${percentText(chance)}。`,
    };
  return {
    en: `${deep.readEarly} of ${deep.layers} deep layers read the oldest third of their block with at least half their average weight.`,
    zh: `${deep.layers} 个深层中有 ${deep.readEarly} 个对块内最早三分之一特征的权重不低于该层平均权重的一半。`,
  };
}

function verdictOf(found: {
  readonly isAsGood: boolean;
  readonly isWorse: boolean;
  readonly hasFewer: boolean;
  /** Undefined where weights do not tell. */
  readonly readsEarly: boolean | undefined;
}): Verdict {
  const { isAsGood, isWorse, hasFewer, readsEarly } = found;
  if (isWorse || !hasFewer) return readsEarly === undefined ? 'open' : readsEarly ? 'in part' : 'does not hold';
  if (isAsGood) return readsEarly ? 'holds' : 'in part';
  return readsEarly ? 'in part' : 'open';
}
