/** What planes tell of shortcuts and depth, beside what the paper says. */
import { type LaboratoryFinding, numberText, type Words } from '../../report/index.ts';
import {
  type LandscapeNumbers,
  landscapeNumbers,
  sharesDiffer,
  type WayNumbers,
} from '../arithmetic/landscape-numbers.ts';
import { hardlyLearnt } from '../arithmetic/learnt.ts';
import type { Landscape } from './landscape-result.ts';

const percent = (share: number) => numberText(share, 'percent');
const number = (value: number) => numberText(value);

export function landscapeFindings(landscapes: readonly Landscape[]): LaboratoryFinding[] {
  const all = new Map(landscapes.map((one) => [one.name, landscapeNumbers(one)]));
  const pairs = [...all].flatMap(([name, plain]) => {
    const residual = all.get(name.replace(/^plain/, 'resnet'));
    return name.startsWith('plain') && residual
      ? [{ name, plain, other: name.replace(/^plain/, 'resnet'), residual }]
      : [];
  });
  const [shallow, deep] = [all.get('plain20'), all.get('plain56')];
  return [
    ...pairs.flatMap(({ name, plain, other, residual }) => [
      { about: { en: `${name}, ${other}`, zh: `${name}、${other}` }, says: smoothness(name, plain, other, residual) },
      {
        about: { en: `${name}, ${other}: width`, zh: `${name}、${other}：宽度` },
        says: width(name, plain, other, residual),
      },
    ]),
    ...(shallow && deep
      ? [{ about: { en: 'plain20, plain56', zh: 'plain20、plain56' }, says: depth(shallow, deep) }]
      : []),
    ...[...all].flatMap(([name, numbers]) => [
      ...(pairs.length === 0 ? [{ about: name, says: alone(name, numbers) }] : []),
      ...(numbers.way
        ? [{ about: { en: `${name}: the way`, zh: `${name}：从起点到终点` }, says: way(name, numbers, numbers.way) }]
        : []),
    ]),
  ];
}

/** How often a plane bends down, as the three cases. */
function smoothness(name: string, plain: LandscapeNumbers, other: string, residual: LandscapeNumbers): Words {
  const [a, b] = [plain.convexity, residual.convexity];
  const numbers: Words = {
    en: `${name} bends down at ${percent(a.share)} of ${a.points} points (ratio ${number(a.ratio)}), ${other} at ${percent(b.share)} of ${b.points} (ratio ${number(b.ratio)})`,
    zh: `${name} 在 ${a.points} 个点中有 ${percent(a.share)} 向下弯曲（比值 ${number(a.ratio)}），${other} 在 ${b.points} 个点中有 ${percent(b.share)}（比值 ${number(b.ratio)}）`,
  };
  const hardly = unlearnt([name, plain], [other, residual]);
  const head: Words = hardly
    ? hardly
    : !sharesDiffer(a, b)
      ? { en: 'It cannot be told which plane is smoother', zh: '无法判断哪个平面更平滑' }
      : a.share > b.share
        ? { en: 'With shortcuts the plane is smoother', zh: '有快捷连接的平面更平滑' }
        : { en: 'With shortcuts the plane is not smoother here', zh: '这里有快捷连接的平面并不更平滑' };
  return {
    en: `${head.en}: ${numbers.en}. The paper: at the end of training a network of 56 layers is chaotic without shortcuts and nearly convex with them; at 20 layers both are benign.`,
    zh: `${head.zh}：${numbers.zh}。论文：训练结束时，56 层网络没有快捷连接时损失曲面混乱，有快捷连接时近乎凸；20 层时两者都良好。`,
  };
}

function width(name: string, plain: LandscapeNumbers, other: string, residual: LandscapeNumbers): Words {
  const numbers: Words = {
    en: `better than chance (loss below ${number(plain.chance)}) on ${percent(plain.better)} of the plane around ${name} and ${percent(residual.better)} around ${other}; curvature at the network ${curvatures(plain)} and ${curvatures(residual)}; its loss ${number(plain.centre)} and ${number(residual.centre)}`,
    zh: `${name} 周围 ${percent(plain.better)} 的平面优于随机（损失低于 ${number(plain.chance)}），${other} 周围为 ${percent(residual.better)}；网络处的曲率为 ${curvatures(plain)} 与 ${curvatures(residual)}；损失为 ${number(plain.centre)} 与 ${number(residual.centre)}`,
  };
  const difference = residual.better - plain.better;
  const hardly = unlearnt([name, plain], [other, residual]);
  const head: Words = hardly
    ? hardly
    : Math.abs(difference) < leastDifference
      ? { en: 'The good region is about as wide around both', zh: '两者周围的良好区域大致同样宽' }
      : difference > 0
        ? { en: 'The good region is wider with shortcuts', zh: '有快捷连接时良好区域更宽' }
        : { en: 'The good region is not wider with shortcuts', zh: '有快捷连接时良好区域并不更宽' };
  return { en: `${head.en}: ${numbers.en}.`, zh: `${head.zh}：${numbers.zh}。` };
}

/** A plane around a network that is no better than chance tells nothing of where training leads. */
const unlearnt = (...networks: readonly (readonly [name: string, numbers: LandscapeNumbers])[]): Words | undefined =>
  hardlyLearnt(networks.filter(([, { centre, chance }]) => !(centre < 0.9 * chance)).map(([name]) => name));

/** Shares of a plane that two random directions more would change. */
const leastDifference = 0.05;

const curvatures = ({ curvatures: both }: LandscapeNumbers) => both.map(number).join(' / ');

function depth(shallow: LandscapeNumbers, deep: LandscapeNumbers): Words {
  const [a, b] = [shallow.convexity, deep.convexity];
  const hardly = unlearnt(['plain20', shallow], ['plain56', deep]);
  const head: Words = hardly
    ? hardly
    : !sharesDiffer(a, b)
      ? { en: 'Whether depth makes it rougher cannot be told', zh: '无法判断加深是否使曲面更粗糙' }
      : b.share > a.share
        ? { en: 'Without shortcuts depth makes it rougher', zh: '没有快捷连接时，加深使曲面更粗糙' }
        : {
            en: 'Without shortcuts depth does not make it rougher here',
            zh: '这里没有快捷连接时，加深并未使曲面更粗糙',
          };
  return {
    en: `${head.en}: plain20 bends down at ${percent(a.share)} of points, plain56 at ${percent(b.share)}. The paper: as plain networks get deeper, the surface turns from nearly convex to chaotic.`,
    zh: `${head.zh}：plain20 有 ${percent(a.share)} 的点向下弯曲，plain56 有 ${percent(b.share)}。论文：普通网络加深时，曲面由近乎凸变得混乱。`,
  };
}

const alone = (name: string, numbers: LandscapeNumbers): Words => ({
  en: `Around ${name} ${percent(numbers.better)} of the plane is better than chance (loss below ${number(numbers.chance)}); it bends down at ${percent(numbers.convexity.share)} of ${numbers.convexity.points} points; curvature at the network ${curvatures(numbers)}; its loss ${number(numbers.centre)}.`,
  zh: `${name} 周围 ${percent(numbers.better)} 的平面优于随机（损失低于 ${number(numbers.chance)}）；${numbers.convexity.points} 个点中有 ${percent(numbers.convexity.share)} 向下弯曲；网络处的曲率为 ${curvatures(numbers)}；损失为 ${number(numbers.centre)}。`,
});

function way(name: string, numbers: LandscapeNumbers, { start, highest, rises, steps, infinite }: WayNumbers): Words {
  if (infinite > 0)
    return {
      en: `Straight from its start to its end, the loss of ${name} is not finite at ${infinite} of ${steps + 1} points, with statistics of batch norms that are mixed; how it goes between them cannot be told.`,
      zh: `从起点直线走到终点，${name} 的损失在 ${steps + 1} 个点中有 ${infinite} 个不是有限数（批归一化的统计量是混合的）；其间的变化无法判断。`,
    };
  const hardly = unlearnt([name, numbers]);
  const head: Words = hardly
    ? hardly
    : rises === 0
      ? {
          en: `Straight from its start to its end, the loss of ${name} only falls`,
          zh: `从起点直线走到终点，${name} 的损失一路下降`,
        }
      : highest > 1.02 * start
        ? {
            en: `Straight from its start to its end, the loss of ${name} rises above its start`,
            zh: `从起点直线走到终点，${name} 的损失途中会升到起点以上`,
          }
        : {
            en: `Straight from its start to its end, the loss of ${name} rises in places, but not clearly above its start`,
            zh: `从起点直线走到终点，${name} 的损失局部上升，但没有明显高于起点`,
          };
  return {
    en: `${head.en}: ${number(start)} at the start, at most ${number(highest)} after it, ${rises} of ${steps} steps go up. Goodfellow et al. 2015 (arXiv 1412.6544) saw it fall for most networks; statistics of batch norms are mixed here, which those networks did not have.`,
    zh: `${head.zh}：起点为 ${number(start)}，之后最高 ${number(highest)}，${steps} 步中有 ${rises} 步上升。Goodfellow 等人 2015（arXiv 1412.6544）发现多数网络一路下降；这里混合了批归一化的统计量，那些网络则没有。`,
  };
}
