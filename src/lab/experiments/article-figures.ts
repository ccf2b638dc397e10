/** What the article's networks come to, as tables and lines. */
import { count, type Figure } from '../../report/index.ts';
import { denseLadder } from '../networks/dense-ladder.ts';
import { type ArticleResult, connectionsIn } from './article-result.ts';

export const articleFigures = (result: ArticleResult): Figure[] => [...codeFigures(result), ...trainingFigures(result)];

function codeFigures({ resnet, ladder }: ArticleResult): Figure[] {
  return [
    {
      kind: 'table',
      id: 'resnet-sizes',
      title: {
        en: 'The article’s ResNet(num_layers=50): the map in each block',
        zh: '文章的 ResNet(num_layers=50)：各块中特征图的边长',
      },
      note: {
        en: 'The stem halves twice. The error is Skein’s for the same network; PyTorch 1.13 raises at the same place.',
        zh: '起始部分减半两次。错误信息是 Skein 对同一网络给出的；PyTorch 1.13 在同一处报错。',
      },
      columns: [
        { label: { en: 'image', zh: '图像' } },
        { label: { en: 'map by block', zh: '各块边长' } },
        { label: { en: 'nothing left after block', zh: '在第几块后为空' }, format: 'count' },
        { label: { en: 'most blocks', zh: '最多块数' }, format: 'count' },
        { label: { en: 'error', zh: '错误' } },
      ],
      rows: resnet.map(({ size, sides, endsAfter, most, error }) => [
        `${size}×${size}`,
        sides.join(' → '),
        endsAfter,
        most,
        error ?? '–',
      ]),
    },
    {
      kind: 'table',
      id: 'densenet-repairs',
      title: { en: 'The article’s DenseNet, repair by repair', zh: '文章的 DenseNet：逐个修复' },
      note: {
        en: 'Each row has all repairs above it. What a training loop needs besides: the loss must be given x, not the pair (x, features).',
        zh: '每一行都包含上面各行的修复。训练时还需要：损失函数使用 x，而不是 (x, features) 这一对值。',
      },
      columns: [
        { label: { en: 'repaired', zh: '修复' } },
        { label: { en: 'line of the article', zh: '文章中的代码行' } },
        ...resnet.map(({ size }) => ({ label: { en: `then, at ${size}×${size}`, zh: `修复后，${size}×${size}` } })),
      ],
      rows: ladder.map(({ attempts }, i) => [
        denseLadder[i - 1]?.repair ?? { en: '0: as written', zh: '0：原样' },
        denseLadder[i - 1]?.line ?? '–',
        ...attempts.map((attempt) =>
          attempt.error === null
            ? {
                en: `it runs: ${count(attempt.params)} parameters, ${attempt.concatenations} concatenations`,
                zh: `可以运行：${count(attempt.params)} 个参数，${attempt.concatenations} 次拼接`,
              }
            : attempt.error,
        ),
      ]),
    },
    {
      kind: 'table',
      id: 'mended',
      title: { en: 'What the papers have instead', zh: '论文中的做法' },
      columns: [
        { label: { en: 'part', zh: '部分' } },
        { label: { en: 'the article’s code', zh: '文章的代码' } },
        { label: { en: 'the papers', zh: '论文' } },
      ],
      rows: mended,
    },
  ];
}

const mended = [
  [
    { en: 'around a block', zh: '跨过块的连接' },
    { en: 'nothing', zh: '无' },
    { en: 'its input is added (He et al. 2015, equation 1)', zh: '加上块的输入（He 等人 2015，式 1）' },
  ],
  [
    { en: 'where maps are halved', zh: '特征图在何处减半' },
    { en: 'after every block but the last', zh: '除最后一块外，每块之后' },
    {
      en: 'between stages: twice on 32×32, five times in all on 224×224',
      zh: '只在阶段之间：32×32 上两次，224×224 上共五次',
    },
  ],
  [
    { en: 'width', zh: '宽度' },
    { en: '64 channels throughout', zh: '始终 64 个通道' },
    { en: 'doubled where maps are halved', zh: '特征图减半时加倍' },
  ],
  [
    { en: 'stem for 32×32', zh: '32×32 图像的起始部分' },
    { en: '7×7, stride 2, then a pooling', zh: '7×7、步长 2，再池化' },
    { en: '3×3, stride 1 (He et al. 2015, §4.2)', zh: '3×3、步长 1（He 等人 2015，§4.2）' },
  ],
  [
    { en: 'what a dense layer reads', zh: '稠密层读取什么' },
    { en: 'the block before it', zh: '前一个块' },
    {
      en: 'the concatenation of all before it (Huang et al. 2017, equation 2)',
      zh: '之前所有层的拼接（Huang 等人 2017，式 2）',
    },
  ],
  [
    { en: 'what a dense layer adds', zh: '稠密层增加什么' },
    { en: 'all channels anew, 12 more of them', zh: '重新计算全部通道，再多 12 个' },
    { en: '12 channels beside those that are there', zh: '在已有通道旁增加 12 个' },
  ],
] as const;

function trainingFigures({ trained }: ArticleResult): Figure[] {
  return [
    {
      kind: 'lines',
      id: 'training-error',
      title: { en: 'Error on the training images', zh: '训练图像上的误差' },
      x: { label: { en: 'epoch', zh: '轮' } },
      y: { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
      series: trained.map(({ run: { network, epochs } }) => ({
        name: network,
        points: epochs.map(({ epoch, train }) => [epoch, 1 - train.top1] as const),
      })),
    },
    {
      kind: 'table',
      id: 'networks',
      title: { en: 'The trained networks', zh: '训练的网络' },
      columns: [
        { label: { en: 'network', zh: '网络' } },
        { label: { en: 'layers', zh: '层数' }, format: 'count' },
        { label: { en: 'shortcuts', zh: '快捷连接' }, format: 'count' },
        { label: { en: 'concatenations', zh: '拼接' }, format: 'count' },
        { label: { en: 'parameters', zh: '参数量' }, format: 'count' },
        { label: { en: 'multiply-adds', zh: '乘加次数' }, format: 'multiplyAdds' },
        { label: { en: 'test accuracy', zh: '测试准确率' }, format: 'percent' },
      ],
      rows: trained.map((one) => [
        one.run.network,
        one.built.error === null ? one.built.depth : null,
        connectionsIn(one).shortcuts,
        connectionsIn(one).joins,
        one.run.params,
        one.run.macs,
        one.run.test.top1,
      ]),
    },
  ];
}
