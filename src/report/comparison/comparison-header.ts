import { duration } from '../page/duration.ts';
import { type Child, element, named } from '../page/element.ts';
import { count, percent, plural } from '../page/quantity.ts';
import { type Stat, stats } from '../page/stats.ts';
import type { ComparisonData, ShownNetwork } from './comparison-data.ts';

/** How many networks on which data; the most accurate, the quickest, and whether the first place is sure. */
export function comparisonHeader(data: ComparisonData): Child[] {
  const { networks, seeds, left } = data;
  return [
    element('h1', {}, plural(networks.length, 'network')),
    element(
      'p',
      { class: 'data' },
      'on ',
      named(data.data),
      `, ${seeds === 1 ? 'trained once each' : `trained with ${seeds} seeds each`}`,
      ...(left > 0 ? [`; ${plural(left, 'training is', 'trainings are')} not done yet`] : []),
    ),
    stats(numbers(data)),
  ];
}

function numbers({ networks, differences, target, split }: ComparisonData): Stat[] {
  const best = most(networks, ({ top1 }) => top1.mean);
  const quickest = most(networks, ({ secondsToTarget }) => -secondsToTarget);
  const smallest = most(networks, ({ macs }) => -macs);
  if (!best || !quickest || !smallest) return [];
  const own = differences.filter(({ a, b }) => a === best.name || b === best.name);
  // paired by seed, the one with the highest mean may yet be the worse of two
  const apart = own.filter(({ a, mean, isReal }) => isReal && (a === best.name ? mean > 0 : mean < 0)).length;
  const sure =
    own.length === 0 || own.every(({ interval }) => !interval)
      ? ''
      : apart === own.length
        ? ', above every other by more than chance'
        : apart === 0
          ? ', above no other by more than chance'
          : `, above ${apart} of the ${count(own.length)} others by more than chance`;
  return [
    { label: `most accurate: ${best.name}`, value: percent(best.top1.mean), note: `of the ${split} images${sure}` },
    ...(target === undefined
      ? []
      : [
          {
            label: `first at ${percent(target)}`,
            value: duration(quickest.secondsToTarget),
            note: `${quickest.name}, of training`,
          },
        ]),
    { label: 'fewest multiply-adds', value: percent(smallest.top1.mean), note: `is the accuracy of ${smallest.name}` },
  ];
}

const most = (networks: readonly ShownNetwork[], of: (network: ShownNetwork) => number): ShownNetwork | undefined =>
  networks.toSorted((a, b) => of(b) - of(a))[0];
