/** What the article's networks come to, in sentences. */
import { wilsonInterval } from '../../metrics/index.ts';
import { count, type LaboratoryFinding, percent } from '../../report/index.ts';
import type { TrainedRecord } from '../laboratory.ts';
import { inChineseMarks } from '../number-words.ts';
import { type ArticleResult, type BuiltAndTrained, connectionsIn } from './article-result.ts';

export const articleFindings = (result: ArticleResult): LaboratoryFinding[] => [
  ...resnetFindings(result),
  ...densenetFindings(result),
  ...trainingFindings(result),
];

function resnetFindings({ resnet, params, trained }: ArticleResult): LaboratoryFinding[] {
  const stops = resnet.filter(({ error }) => error !== null);
  const fails = (en: boolean) =>
    resnet
      .map(({ size, endsAfter, most }) =>
        en
          ? `${size}×${size}: ${endsAfter === null ? 'it fits' : `nothing is left after block ${endsAfter}, so at most ${most} blocks fit`}`
          : `${size}×${size}：${endsAfter === null ? '可以运行' : `第 ${endsAfter} 个块之后特征图为空，最多容纳 ${most} 个块`}`,
      )
      .join(en ? '; ' : '；');
  const [literal, , paper] = trained as [BuiltAndTrained, BuiltAndTrained, BuiltAndTrained];
  const [own, theirs] = [connectionsIn(literal).shortcuts, connectionsIn(paper).shortcuts];
  return [
    {
      about: { en: 'the article’s ResNet', zh: '文章的 ResNet' },
      says: {
        en: `ResNet(num_layers=50) ${stops.length === resnet.length ? 'runs at no size that was tried' : `stops at ${stops.length} of ${resnet.length} sizes`}. Each block but the last is followed by a pooling that halves the map. ${fails(true)}. PyTorch raises “Output size is too small” there. It holds ${count(params.resnet)} parameters in 102 layers with weights; the paper’s ResNet-50 has 50 layers and ${count(params.paperResnet)} (He et al. 2015, Table 1, counted by Skein).`,
        zh: `ResNet(num_layers=50) ${stops.length === resnet.length ? '在试过的所有尺寸上都无法运行' : `在 ${resnet.length} 个尺寸中的 ${stops.length} 个上无法运行`}：除最后一个块外，每个块后都有一次减半的池化。${fails(false)}。PyTorch 在此处报错“Output size is too small”。它有 ${count(params.resnet)} 个参数、102 个带权重的层；论文的 ResNet-50 有 50 层、${count(params.paperResnet)} 个参数（He 等人 2015，表 1，由 Skein 计数）。`,
      },
    },
    {
      about: { en: 'shortcuts', zh: '快捷连接' },
      says:
        own === 0
          ? {
              en: `The article’s ResNet has no shortcut: the graph has 0, that of ${paper.run.network} has ${theirs}. Its text says that residual connections are the point; its code is a plain network. Its formula adds one x around the whole network; in the paper every block adds its own input.`,
              zh: `文章的 ResNet 没有快捷连接：计算图中有 0 条，${paper.run.network} 有 ${theirs} 条。文字说残差连接是关键，代码却是普通网络。它的公式只在整个网络外加一次 x；论文中每个块都加上自己的输入。`,
            }
          : {
              en: `Shortcuts found: ${own} in the article’s ResNet, ${theirs} in ${paper.run.network}.`,
              zh: `找到的快捷连接：文章的 ResNet ${own} 条，${paper.run.network} ${theirs} 条。`,
            },
    },
  ];
}

function densenetFindings({ ladder, params, trained }: ArticleResult): LaboratoryFinding[] {
  const needed = ladder.findIndex(({ attempts }) => attempts.every(({ error }) => error === null));
  const [repaired, paper] = [trained[3], trained[4]] as [BuiltAndTrained, BuiltAndTrained];
  const [own, theirs] = [connectionsIn(repaired).joins, connectionsIn(paper).joins];
  const whenRepaired =
    needed < 0
      ? {
          en: `It still does not run after ${ladder.length - 1} repairs.`,
          zh: `修复 ${ladder.length - 1} 处之后仍无法运行。`,
        }
      : { en: `It runs after ${needed} repairs.`, zh: `修复 ${needed} 处之后才能运行。` };
  return [
    {
      about: { en: 'the article’s DenseNet', zh: '文章的 DenseNet' },
      says: {
        en: `DenseNet() cannot be made: it indexes num_blocks, which is the number 9 (TypeError). ${whenRepaired.en} Given a list of five nines, PyTorch would make room for ${count(params.densenet)} parameters; the paper’s DenseNet with L=100 and k=12 has ${count(params.paperDensenet)} (Huang et al. 2017, Table 2, counted by Skein). Its answer is a pair (x, features), which a loss does not take.`,
        zh: `DenseNet() 无法创建：代码对数字 9（num_blocks）取下标（TypeError）。${whenRepaired.zh}若给出五个 9 的列表，PyTorch 会分配 ${count(params.densenet)} 个参数；论文的 DenseNet（L=100，k=12）有 ${count(params.paperDensenet)} 个（Huang 等人 2017，表 2，由 Skein 计数）。它返回 (x, features) 一对值，损失函数不能直接使用。`,
      },
    },
    {
      about: { en: 'dense connections', zh: '稠密连接' },
      says: {
        en: `${own === 0 ? 'Repaired, it still has no dense connection: it concatenates nothing, and `features` only collects results.' : `Repaired, it concatenates ${own} times.`} The graph of ${paper.run.network} has ${theirs} concatenations. The article gives its DenseNet the formula of its ResNet, y = f_n(…f_1(x)) + x; in the paper a layer reads all before it: x_l = H_l([x_0, …, x_{l−1}]). The article’s reference [2] does not describe DenseNet: the paper is Huang, Liu, van der Maaten and Weinberger, CVPR 2017.`,
        zh: `${own === 0 ? '修复后仍没有稠密连接：没有任何拼接，features 只是收集结果。' : `修复后有 ${own} 次拼接。`}${paper.run.network} 的计算图中有 ${theirs} 次拼接。文章给 DenseNet 的公式与 ResNet 相同，即 y = f_n(…f_1(x)) + x；论文中每层读取之前的所有层：x_l = H_l([x_0, …, x_{l−1}])。文章的参考文献 [2] 并非介绍 DenseNet 的论文，应为 Huang、Liu、van der Maaten 与 Weinberger，CVPR 2017。`,
      },
    },
  ];
}

const interval = ({ test: { top1, total } }: TrainedRecord) => wilsonInterval(Math.round(top1 * total), total);

function trainingFindings({ trained }: ArticleResult): LaboratoryFinding[] {
  const [literal, shortcut, resnet, dense, paper] = trained.map(({ run }) => run) as [
    TrainedRecord,
    TrainedRecord,
    TrainedRecord,
    TrainedRecord,
    TrainedRecord,
  ];
  return [
    compared(literal, shortcut, { en: 'what a shortcut changes', zh: '快捷连接的影响' }),
    compared(literal, resnet, { en: 'literal and paper: ResNet', zh: '文章与论文：ResNet' }),
    compared(dense, paper, { en: 'literal and paper: DenseNet', zh: '文章与论文：DenseNet' }),
  ];
}

/** Two networks on the same images; where their intervals overlap, nothing is said of which is better. */
function compared(a: TrainedRecord, b: TrainedRecord, about: { en: string; zh: string }): LaboratoryFinding {
  const [own, other] = [interval(a), interval(b)];
  const apart = own.low > other.high || other.low > own.high;
  const better = a.test.top1 > b.test.top1 ? a : b;
  const line = (run: TrainedRecord, { low, high }: { low: number; high: number }) =>
    `${run.network} ${percent(run.test.top1)} (${percent(low)}–${percent(high)}), ${count(run.params)}`;
  return {
    about,
    says: {
      en: `Test accuracy with 95 % interval: ${line(a, own)} parameters; ${line(b, other)} parameters. ${apart ? `With this one seed ${better.network} is better.` : 'The intervals overlap: which one is better cannot be told from this.'}`,
      zh: `测试准确率及 95 % 置信区间：${inChineseMarks(line(a, own))} 个参数；${inChineseMarks(line(b, other))} 个参数。${apart ? `在这一个种子上 ${better.network} 更好。` : '区间重叠，不能判断哪个更好。'}`,
    },
  };
}
