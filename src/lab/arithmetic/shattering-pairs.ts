/** Plain towers beside residual ones, and both beside the rules of Balduzzi et al. 2017. */
import type { LaboratoryFinding, Words } from '../../report/index.ts';
import { inChineseMarks } from '../number-words.ts';
import { plainRule, residualRule } from './line-variants.ts';
import { isLess, leastDifference, linesOf, neighbours } from './shattering-readings.ts';
import type { ShatteringResult, TowerLine } from './shattering-result.ts';
import { byDepth, says, undecided } from './shattering-words.ts';
import { short } from './tower-readings.ts';

/** Neighbours decide: between points that are far apart, high towers have nothing left to compare. */
export function pairFinding(
  result: ShatteringResult,
  about: Words,
  plain: string,
  residual: string,
  residualFollows: boolean,
): LaboratoryFinding[] {
  const [ofPlain, ofResidual] = [plain, residual].map((id) => linesOf(result, id).at(-1));
  if (!ofPlain || !ofResidual) return [];
  const less = isLess(neighbours(ofPlain), neighbours(ofResidual));
  const outcome: Words =
    less === undefined
      ? undecided
      : less
        ? {
            en: 'It falls faster without shortcuts, as the paper says.',
            zh: '没有快捷连接时下降更快，与论文一致。',
          }
        : {
            en: 'Here it does not fall faster without shortcuts, against the paper.',
            zh: '这里没有快捷连接时并未下降得更快，与论文不符。',
          };
  return [
    says(
      about,
      {
        en: `The correlation of neighbouring points’ gradients, by depth in brackets: plain ${byDepth(result, plain, neighbours)}; residual ${byDepth(result, residual, neighbours)}.`,
        zh: `相邻点梯度的相关系数（括号内为深度）：普通 ${inChineseMarks(byDepth(result, plain, neighbours))}；残差 ${inChineseMarks(byDepth(result, residual, neighbours))}。`,
      },
      outcome,
      {
        en: `Of all pairs of points: plain ${byDepth(result, plain)}; residual ${byDepth(result, residual)}. For these Balduzzi et al. 2017 (arXiv 1702.08591) have rules, each beside the deepest towers for which it is above ${leastDifference}:`,
        zh: `所有点对：普通 ${inChineseMarks(byDepth(result, plain))}；残差 ${inChineseMarks(byDepth(result, residual))}。对此 Balduzzi 等人 2017（arXiv 1702.08591）给出规律；每条规律都在规律值仍高于 ${leastDifference} 的最深的塔上比较：`,
      },
      besideRule({ en: '1/2^L for plain networks', zh: '普通网络 1/2^L' }, plainRule, linesOf(result, plain)),
      residualFollows
        ? besideRule(
            { en: '1/√L for residual ones, and similar for highway networks', zh: '残差网络 1/√L，highway 网络类似' },
            residualRule,
            linesOf(result, residual),
          )
        : { en: '', zh: '' },
    ),
  ];
}

/** Where the rule itself is next to 0, every tower that shatters agrees with it. @param lines from the lowest tower to the highest */
function besideRule(name: Words, rule: (depth: number) => number, lines: readonly TowerLine[]): Words {
  const told = lines.filter(({ depth }) => rule(depth) > leastDifference).at(-1) ?? lines.at(-1);
  const [depth, found] = [told?.depth ?? 0, told?.correlation ?? null];
  const expected = rule(depth);
  const than = isLess(found, expected);
  const outcome: Words =
    found === null
      ? { en: 'not measured', zh: '未测得' }
      : than === undefined
        ? { en: `as far as can be told, so it is: ${short(found)}`, zh: `在可分辨范围内相符：${short(found)}` }
        : than
          ? { en: `here it is less, ${short(found)}`, zh: `这里更小，为 ${short(found)}` }
          : { en: `here it is more, ${short(found)}`, zh: `这里更大，为 ${short(found)}` };
  return {
    en: `${name.en}, ${short(expected)} at depth ${depth}; ${outcome.en}.`,
    zh: `${name.zh}，深度 ${depth} 时为 ${short(expected)}；${outcome.zh}。`,
  };
}
