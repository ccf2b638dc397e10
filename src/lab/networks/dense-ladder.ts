/** The article's DenseNet, mistake by mistake: what stops it, and what has to be changed before the next one shows. */
import type { Words } from '../../report/index.ts';
import type { DenseRepairs } from './article-densenet.ts';

/** A change, after which it is tried again. */
export interface Rung {
  /** What was changed last. */
  readonly repair: Words;
  /** The line of the article's code at which it stopped before. */
  readonly line: string;
  /** This change and all before it. */
  readonly repairs: DenseRepairs;
}

const nines = [9, 9, 9, 9, 9];

/** In the order in which the mistakes show. */
export const denseLadder: readonly Rung[] = [
  {
    repair: { en: 'num_blocks is a list of five nines', zh: 'num_blocks 改为五个 9 的列表' },
    line: 'self.layer1 = self._make_layer(64, num_blocks[0])',
    repairs: { numBlocks: nines },
  },
  {
    repair: {
      en: 'each block expects what the block before it gives',
      zh: '每个块的输入通道数改为前一个块的输出通道数',
    },
    line: 'nn.Conv2d(channel, channel + self.growth_rate, …)',
    repairs: { numBlocks: nines, blockChannels: true },
  },
  {
    repair: { en: 'no pooling between the blocks of a layer', zh: '去掉层内各块之间的池化' },
    line: 'layers.append(nn.MaxPool2d(kernel_size=2, stride=2))',
    repairs: { numBlocks: nines, blockChannels: true, noPools: true },
  },
  {
    repair: { en: 'each layer expects what the layer before it gives', zh: '每一层的输入通道数改为前一层的输出通道数' },
    line: 'self.layer2 = self._make_layer(self.num_layers * self.growth_rate, num_blocks[1])',
    repairs: { numBlocks: nines, blockChannels: true, noPools: true, layerChannels: true },
  },
  {
    repair: {
      en: 'the classifier expects what the last layer gives',
      zh: '分类层的输入通道数改为最后一层的输出通道数',
    },
    line: 'self.fc = nn.Linear(self.num_layers * self.growth_rate, 10)',
    repairs: { numBlocks: nines, blockChannels: true, noPools: true, layerChannels: true, headChannels: true },
  },
];

/** All repairs, with so few blocks that it can be trained: five of them. */
export const repairedDense: DenseRepairs = {
  numBlocks: [1, 1, 1, 1, 1],
  blockChannels: true,
  layerChannels: true,
  headChannels: true,
};
