/** Claim 6: training is the same but for the structure. */
import { otherDifferences } from '../experiments/accuracy-findings.ts';
import { type AccuracyResult, networkSettings } from '../experiments/accuracy-result.ts';
import { defineClaim } from './claim.ts';
import { sources } from './sources.ts';

export const sameTraining = defineClaim<readonly [AccuracyResult]>({
  id: 'same-training',
  number: 6,
  question: { en: 'Is their training the same but for the structure?', zh: '除了结构，两者的训练过程相同吗？' },
  article: {
    en: 'Their training is similar: a similar optimiser, such as gradient descent, and a similar loss, such as cross entropy. What differs is structure and connections.',
    zh: 'ResNet和DenseNet的训练过程相似,它们都使用类似的优化算法(如梯度下降)和损失函数(如交叉熵损失)进行训练。不同之处在于它们的模型结构和连接方式……',
  },
  sources: [sources.accuracy],
  answer([result]) {
    const { recipe, differences, runs } = result;
    const dense = runs.find(({ role }) => role === 'dense')?.network ?? '';
    const residual = runs.find(({ role }) => role === 'residual')?.network ?? '';
    const model = differences
      .find(({ network }) => network === dense)
      ?.settings.find(({ key }) => key === networkSettings[0]);
    const others = otherDifferences(result);
    const recorded = new Map(recipe);
    const same = recipe.length - networkSettings.filter((key) => recorded.has(key)).length - others.length;
    const line = `model: ${model?.before ?? residual} → model: ${model?.now ?? dense}`;
    return {
      verdict: others.length === 0 ? 'holds' : 'does not hold',
      answer: {
        en: `${residual} and ${dense} ran through one loop with one recipe: ${same} of ${recipe.length} recorded settings are the same, and ${others.length === 0 ? `the one choice that differs is the network (${line}), with the options that its name stands for` : `besides the network these differ: ${others.join(', ')}`}. Optimiser and loss: ${recorded.get('optimiser') ?? '–'}; ${recorded.get('loss') ?? '–'}. The papers themselves used different recipes: batches of 128 for 64,000 steps (about 180 epochs), against batches of 64 for 300 epochs with Nesterov momentum.`,
        zh: `${residual} 与 ${dense} 用同一训练循环、同一训练方案训练：记录的 ${recipe.length} 项设置中有 ${same} 项相同，${others.length === 0 ? `唯一不同的是所选的网络（${line}），包括其名称所代表的选项` : `除网络外，还有以下设置不同：${others.join('、')}`}。优化器与损失函数：${recorded.get('optimiser') ?? '–'}；${recorded.get('loss') ?? '–'}。两篇论文自己的方案并不相同：一篇批大小 128、64,000 步（约 180 轮），另一篇批大小 64、300 轮并使用 Nesterov 动量。`,
      },
      numbers: [
        { name: { en: 'settings that are the same', zh: '相同的设置' }, value: same, format: 'count' },
        {
          name: { en: 'settings that name the network', zh: '指明网络的设置' },
          value: recipe.length - same - others.length,
          format: 'count',
        },
        { name: { en: 'other settings that differ', zh: '其他不同的设置' }, value: others.length, format: 'count' },
        {
          name: { en: 'epochs on CIFAR, DenseNet', zh: 'CIFAR 上的轮数，DenseNet' },
          value: 300,
          format: 'count',
          source: { en: 'Huang et al. 2017, §4.2', zh: 'Huang 等人 2017，§4.2' },
        },
        {
          name: { en: 'iterations on CIFAR, ResNet', zh: 'CIFAR 上的迭代次数，ResNet' },
          value: 64_000,
          format: 'count',
          source: { en: 'He et al. 2015, §4.2', zh: 'He 等人 2015，§4.2' },
        },
      ],
    };
  },
});
