/** The table of networks: what each is worth and costs. */

import { duration } from '../page/duration.ts';
import { element, type PageElement, scrollBox } from '../page/element.ts';
import { bytes, count, multiplyAdds, percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { seriesName } from '../page/series.ts';
import { numberCell, row, table } from '../page/table.ts';
import type { ComparisonData, ShownNetwork } from './comparison-data.ts';

/** A row for each network, the most accurate first. */
export const resultsTable = defineSection<ComparisonData>({
  id: 'results',
  heading: 'Results',
  draw: (data) => {
    const placed = data.networks.map((network, place) => ({ network, place }));
    const rows = placed.sort((a, b) => b.network.top1.mean - a.network.top1.mean);
    return [
      element('p', {}, about(data)),
      scrollBox(
        'Results',
        table({
          head: heads(data),
          numbersFrom: 1,
          rows: rows.map(({ network, place }) => rowOf(network, place, hasSeeds(data))),
          sorted: { by: 1, direction: 'descending' },
        }),
      ),
      element(
        'p',
        { class: 'note' },
        '● no other network here is as accurate for less of it. Time is that of a training with its validation, without start and test; memory is the most that the engine’s process held.',
      ),
    ];
  },
});

/** Whether networks have different numbers of trainings. */
const hasSeeds = ({ networks, seeds }: ComparisonData) => networks.some((network) => network.seeds !== seeds);

const heads = (data: ComparisonData) => [
  'network',
  'accuracy',
  'interval',
  ...(hasSeeds(data) ? ['seeds'] : []),
  'params',
  'MACs',
  'time',
  ...(data.target === undefined ? [] : [`to ${percent(data.target)}`]),
  'images/s',
  'memory',
];

function rowOf(network: ShownNetwork, place: number, withSeeds: boolean): PageElement {
  const { name, top1, seeds, params, macs, seconds, secondsToTarget, imagesPerSecond, peakBytes, pareto } = network;
  const onFront = (text: string, isFront: boolean) => (isFront ? `● ${text}` : text);
  return row(
    seriesName(name, place),
    numberCell(percent(top1.mean), top1.mean),
    numberCell(`${(100 * top1.low).toFixed(1)} – ${(100 * top1.high).toFixed(1)}`, top1.low),
    ...(withSeeds ? [numberCell(String(seeds), seeds)] : []),
    numberCell(onFront(count(params), pareto.params), params),
    numberCell(onFront(multiplyAdds(macs), pareto.macs), macs),
    numberCell(onFront(duration(seconds), pareto.seconds), seconds),
    numberCell(duration(secondsToTarget), secondsToTarget),
    numberCell(count(imagesPerSecond), imagesPerSecond),
    numberCell(bytes(peakBytes), peakBytes),
  );
}

/** What accuracies are of, and what intervals are over. */
function about({ networks, split, images, target }: ComparisonData): string {
  const measured =
    split === 'test'
      ? `Accuracy is on the ${count(images)} test images, with the weights of each training’s best epoch, which the validation images picked.`
      : `Accuracy is on the ${count(images)} validation images, which also picked each training’s best epoch, since the data has no test images: expect a little less on new ones.`;
  const over = networks.some(({ top1 }) => top1.over === 'seeds')
    ? 'Intervals of 95 % are where the mean of many such trainings would be (Student’s t).'
    : 'Intervals of 95 % are over the images alone (Wilson): what another seed would give is not in them.';
  const reached = target === undefined ? '' : ` All trainings reached ${percent(target)} of the validation images.`;
  return `${measured} ${over}${reached}`;
}
