/** What trainings of several depths say. */
import { type LaboratoryFinding, type Language, percent, type Words } from '../../report/index.ts';
import { differenceText } from '../number-words.ts';
import { publishedError } from './degradation-figures.ts';
import {
  type Change,
  contrast,
  type DegradationResult,
  type DepthFamily,
  type DepthStep,
  depthStep,
} from './degradation-result.ts';

/** §4.2 and the caption of Figure 6. */
const papers: Readonly<Record<DepthFamily, Words>> = {
  plain: {
    en: 'In He et al., Figure 6 (left, CIFAR-10), the deeper of the plain networks have the higher training error and the higher test error, and plain-110 errs on more than 60 %.',
    zh: 'He 等人图 6（左，CIFAR-10）中，普通网络越深，训练误差和测试误差都越高，plain-110 的误差超过 60 %。',
  },
  resnet: {
    en: `In He et al., Table 6 (CIFAR-10), resnet56 is better than resnet20: ${paperError('resnet56')} test error against ${paperError('resnet20')}.`,
    zh: `He 等人表 6（CIFAR-10）中，resnet56 优于 resnet20：测试误差 ${paperError('resnet56')} 对 ${paperError('resnet20')}。`,
  },
};

function paperError(network: string): string {
  return percent(publishedError(network) ?? Number.NaN, 2);
}

export function degradationFindings(result: DegradationResult): LaboratoryFinding[] {
  const [plain, residual] = [depthStep(result, 'plain'), depthStep(result, 'resnet')];
  return [
    ...(plain ? [stepFinding(plain)] : []),
    ...(residual ? [stepFinding(residual)] : []),
    ...(plain && residual ? [contrastFinding(plain, residual)] : []),
    boundsFinding(result),
  ];
}

const families: Readonly<Record<DepthFamily, Words>> = {
  plain: { en: 'plain', zh: '普通网络' },
  resnet: { en: 'residual', zh: '残差网络' },
};

function stepFinding({ family, shallow, deep, training, test }: DepthStep): LaboratoryFinding {
  const expected = family === 'plain' ? 'worse' : 'better';
  const verdict = verdicts[training.verdict];
  const beside: Words =
    training.verdict === 'unclear'
      ? { en: '', zh: '' }
      : training.verdict === expected
        ? { en: ' That is as in the paper.', zh: '这与论文一致。' }
        : {
            en: ' The paper found the opposite, at the end of a full training.',
            zh: '论文在完整训练后得到相反的结果。',
          };
  return {
    about: families[family],
    says: {
      en: `${verdict.en(deep.network, shallow.network)}: training error ${changeText(training, 'en')}. Test error ${changeText(test, 'en')}.${beside.en} ${papers[family].en}`,
      zh: `${verdict.zh(deep.network, shallow.network)}：训练误差 ${changeText(training, 'zh')}。测试误差 ${changeText(test, 'zh')}。${beside.zh}${papers[family].zh}`,
    },
  };
}

const verdicts = {
  worse: {
    en: (deep: string, shallow: string) => `${deep} trains worse than ${shallow}`,
    zh: (deep: string, shallow: string) => `${deep} 训练得比 ${shallow} 差`,
  },
  better: {
    en: (deep: string, shallow: string) => `${deep} trains better than ${shallow}`,
    zh: (deep: string, shallow: string) => `${deep} 训练得比 ${shallow} 好`,
  },
  unclear: {
    en: (deep: string, shallow: string) => `It cannot be told whether ${deep} trains worse than ${shallow}`,
    zh: (deep: string, shallow: string) => `无法判断 ${deep} 是否训练得比 ${shallow} 差`,
  },
} as const;

/** 20.1 % → 35.2 %, +15.1 points (95 % interval +12.9 to +17.3) */
export function changeText({ shallow, deep, difference }: Change, language: Language): string {
  const errors = `${percent(shallow)} → ${percent(deep)}`;
  if (!Number.isFinite(difference.value)) return errors;
  return `${errors}${language === 'zh' ? '，' : ', '}${differenceText(difference, language)}`;
}

function contrastFinding(plain: DepthStep, residual: DepthStep): LaboratoryFinding {
  const { difference, verdict } = contrast(plain, residual);
  const [en, zh] = [differenceText(difference, 'en'), differenceText(difference, 'zh')];
  const says: Readonly<Record<typeof verdict, Words>> = {
    'plain loses more': {
      en: `Depth costs the plain network more than the residual one, by ${en} of training error. The layers are the same, so it is the shortcuts that make the difference.`,
      zh: `加深对普通网络的代价更大：训练误差的增加量相差 ${zh}。两者的层相同，差别来自快捷连接。`,
    },
    'residual loses more': {
      en: `Here depth costs the residual network more than the plain one: ${en} of training error. That contradicts the paper.`,
      zh: `这里加深对残差网络的代价更大：训练误差的增加量相差 ${zh}。这与论文相反。`,
    },
    unclear: {
      en: `It cannot be told whether depth costs the plain network more than the residual one: ${en} of training error.`,
      zh: `无法判断加深对哪一种网络代价更大：训练误差的增加量相差 ${zh}。`,
    },
  };
  return { about: { en: 'plain against residual', zh: '普通与残差' }, says: says[verdict] };
}

function boundsFinding({ runs, images }: DegradationResult): LaboratoryFinding {
  const epochs = Math.max(0, ...runs.map((run) => run.epochs.length));
  return {
    about: { en: 'what this cannot tell', zh: '不能说明什么' },
    says: {
      en: `These are ${epochs} epochs on ${images} images with one seed; the paper trains for 64,000 steps, about 180 epochs of 45,000. A network that starts slowly may still catch up: degradation in the paper’s sense is what remains at the end.`,
      zh: `这里只用一个种子在 ${images} 张图像上训练 ${epochs} 轮；论文训练 64,000 步，约为 45,000 张图像的 180 轮。起步慢的网络之后仍可能赶上：论文所说的退化是指训练结束时仍存在的差距。`,
    },
  };
}
