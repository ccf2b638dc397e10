/** What the weights of a dense network say of the paper's four statements. */
import { type LaboratoryFinding, numberText, type Words } from '../../report/index.ts';
import { type ReuseNumbers, reuseNumbers } from '../arithmetic/reuse-numbers.ts';
import type { ReusedNetwork } from './reuse-result.ts';

const percent = (share: number) => numberText(share, 'percent');
const times = (value: number) => value.toFixed(2);

/** Weights this many times as far from equal as chance brings them were shaped by training. */
const shaped = 2;

/** Whether the weights tell anything that chance would not. */
export const isShaped = ({ spread, chance }: ReuseNumbers): boolean => spread > shaped * chance;

/** A statement of the paper: how it came out, with its numbers, and beside them what the paper says. */
interface Statement {
  readonly about: Words;
  readonly holds: boolean;
  readonly came: Words;
  readonly not: Words;
  readonly numbers: Words;
  readonly paper: Words;
}

const open: Words = {
  en: 'It cannot be told after this little training, as untrained weights look alike',
  zh: '训练太少，无法判断，因为未经训练的权重也是如此',
};

export function reuseFindings({ name, blocks }: ReusedNetwork): LaboratoryFinding[] {
  const numbers = reuseNumbers(blocks);
  const told = isShaped(numbers);
  return [
    chance(numbers),
    ...statementsOf(numbers, name).map(({ about, holds, came, not, numbers: measured, paper }) => {
      const head = told ? (holds ? came : not) : open;
      return {
        about,
        says: { en: `${head.en}: ${measured.en}. ${paper.en}`, zh: `${head.zh}：${measured.zh}。${paper.zh}` },
      };
    }),
  ].map(({ about, says }) => ({ about: { en: `${name}: ${about.en}`, zh: `${name}：${about.zh}` }, says }));
}

function chance(numbers: ReuseNumbers) {
  const [spread, byChance] = [percent(numbers.spread), percent(numbers.chance)];
  return {
    about: { en: 'training or chance', zh: '训练还是偶然' },
    says: isShaped(numbers)
      ? {
          en: `Connections differ from their layer's average by ${spread}; untrained ones would by ${byChance}. So training made the pattern.`,
          zh: `各连接的权重与所在层的平均值相差 ${spread}；未经训练时只会相差 ${byChance}。可见这一模式来自训练。`,
        }
      : {
          en: `Connections differ from their layer's average by ${spread}, and untrained ones would by ${byChance}: below twice that, chance would do. More epochs (--full) or a run of your own tell more.`,
          zh: `各连接的权重与所在层的平均值相差 ${spread}，未经训练时也会相差 ${byChance}：不到其两倍，偶然即可解释。增加训练轮数（--full），或改用自己训练的网络，结论会更明确。`,
        },
  };
}

function statementsOf({ deep, transitions, laterInput, last }: ReuseNumbers, name: string): Statement[] {
  const shares = ({ oldest, newest, evenness }: Pick<typeof deep, 'oldest' | 'newest' | 'evenness'>): Words => ({
    en: `the oldest third has ${times(oldest)} times the average weight, the newest ${times(newest)}; evenness ${percent(evenness)}, where 100 % is all alike`,
    zh: `最早三分之一的权重为平均值的 ${times(oldest)} 倍，最新三分之一为 ${times(newest)} 倍；均匀度 ${percent(evenness)}（100 % 为完全均匀）`,
  });
  const statements: Statement[] = [
    {
      about: { en: 'early features', zh: '早期特征' },
      holds: deep.readEarly === deep.layers,
      came: { en: 'Deep layers use early features', zh: '深层仍使用早期特征' },
      not: { en: 'Not every deep layer uses early features', zh: '并非每个深层都使用早期特征' },
      numbers: {
        en: `${deep.readEarly} of ${deep.layers} layers in the deeper halves of the blocks read the oldest third with at least half their average weight; ${shares(deep).en}`,
        zh: `各块后半部分的 ${deep.layers} 层中，有 ${deep.readEarly} 层对最早三分之一特征的权重不低于该层平均权重的一半；${shares(deep).zh}`,
      },
      paper: {
        en: 'The paper: all layers spread their weights over many inputs of their block.',
        zh: '论文：所有层都把权重分散到块内的许多输入上。',
      },
    },
  ];
  if (transitions)
    statements.push({
      about: { en: 'transitions', zh: '过渡层' },
      holds: Math.min(transitions.oldest, transitions.newest) >= 0.5,
      came: { en: 'Transitions read their whole block', zh: '过渡层读取整个稠密块' },
      not: { en: 'Transitions leave a part of their block nearly unread', zh: '过渡层几乎不读取块的某一部分' },
      numbers: shares(transitions),
      paper: {
        en: 'The paper: transitions spread their weight across all layers.',
        zh: '论文：过渡层的权重分布在所有层上。',
      },
    });
  if (laterInput)
    statements.push({
      about: { en: 'what transitions pass on', zh: '过渡层的输出' },
      holds: laterInput.least > laterInput.layers / 2,
      came: { en: 'Most layers read the transition’s output least', zh: '多数层对过渡层输出的权重最小' },
      not: { en: 'Most layers do not read the transition’s output least', zh: '多数层对过渡层输出的权重并非最小' },
      numbers: {
        en: `in blocks after the first it is the least read for ${laterInput.least} of ${laterInput.layers} layers, with ${times(laterInput.weight)} times their average weight`,
        zh: `第一块之后，${laterInput.layers} 层中有 ${laterInput.least} 层对它的权重最小，平均为该层平均值的 ${times(laterInput.weight)} 倍`,
      },
      paper: {
        en: `The paper: layers consistently assign it the least weight, so it is redundant${name.includes('-bc') ? ' (without compression; here transitions halve the channels)' : ''}.`,
        zh: `论文：各层一贯给它最小的权重，说明它是冗余的${name.includes('-bc') ? '（论文的网络不作压缩；这里的过渡层把通道减半）' : ''}。`,
      },
    });
  if (last)
    statements.push({
      about: { en: 'the classifier', zh: '分类层' },
      holds: last.newest > 1.1 * last.oldest,
      came: { en: 'The classifier leans on late features', zh: '分类层偏重后期特征' },
      not: { en: 'The classifier does not lean on late features', zh: '分类层并不偏重后期特征' },
      numbers: shares(last),
      paper: {
        en: 'The paper: its weights concentrate towards the final feature maps.',
        zh: '论文：其权重集中于最后的特征图。',
      },
    });
  return statements;
}
