/** How networks learn: means over seeds, and the band in which the seeds are. */
import * as Plot from '@observablehq/plot';
import { chart, grid } from '../page/chart.ts';
import { duration, durationTicks, tickDuration } from '../page/duration.ts';
import { element, type PageElement } from '../page/element.ts';
import { percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { seriesColour, seriesLegend } from '../page/series.ts';
import type { ComparisonData, ShownEpoch, ShownNetwork } from './comparison-data.ts';

/** An epoch of a network over its seeds. */
interface Place {
  readonly name: string;
  readonly epoch: number;
  /** Of training until its end; the mean over seeds. */
  readonly seconds: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly colour: string;
}

export const curvesSection = defineSection<ComparisonData>({
  id: 'curves',
  heading: 'Learning curves',
  draw: ({ networks }) => {
    const accuracy = placesOf(networks, ({ validation }) => validation.top1);
    const loss = placesOf(networks, ({ train }) => train.loss);
    const isBand = networks.some(({ curves }) => curves.length > 1);
    return [
      seriesLegend(networks.map(({ name }) => name)),
      element(
        'div',
        { class: 'pair' },
        curves('Validation accuracy by epoch', accuracy, 'epoch', (share) => percent(share)),
        curves('Validation accuracy by time of training', accuracy, 'seconds', (share) => percent(share)),
        curves('Training loss by epoch', loss, 'epoch', (value) => value.toFixed(3)),
        element(
          'p',
          { class: 'note' },
          `${isBand ? 'Lines are means over seeds, bands go from the lowest seed to the highest. ' : ''}The training loss is the mean over an epoch, on augmented images while the weights change.`,
        ),
      ),
    ];
  },
});

/** Where seeds have different numbers of epochs, over those that have the epoch. */
function placesOf(networks: readonly ShownNetwork[], of: (epoch: ShownEpoch) => number): Place[][] {
  return networks.map(({ name, curves }, place) => {
    const most = Math.max(...curves.map(({ length }) => length));
    return Array.from({ length: most }, (_, i) => {
      const own = curves.filter(({ length }) => length > i);
      const values = own.map((epochs) => of(epochs[i] as ShownEpoch));
      const ends = own.map((epochs) => epochs.slice(0, i + 1).reduce((sum, { seconds }) => sum + seconds, 0));
      const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
      return {
        name,
        epoch: i + 1,
        seconds: mean(ends),
        mean: mean(values),
        low: Math.min(...values),
        high: Math.max(...values),
        colour: seriesColour(place),
      };
    });
  });
}

function curves(
  caption: string,
  networks: readonly (readonly Place[])[],
  x: 'epoch' | 'seconds',
  text: (value: number) => string,
): PageElement {
  const last = Math.max(...networks.flat().map(({ epoch }) => epoch));
  const longest = Math.max(...networks.flat().map(({ seconds }) => seconds));
  const shown = networks.flat();
  const spread = Math.max(...shown.map(({ high }) => high)) - Math.min(...shown.map(({ low }) => low));
  const digits = spread < 0.05 ? 1 : 0;
  const isShare = caption.includes('accuracy');
  const label = `${caption}. ${networks
    .flatMap((places) => places.at(-1) ?? [])
    .map(
      ({ name, mean, seconds, epoch }) =>
        `${name} ends at ${text(mean)} after ${x === 'epoch' ? `${epoch} epochs` : duration(seconds)}`,
    )
    .join('; ')}.`;
  return chart(caption, label, {
    x: {
      label: x === 'epoch' ? 'epoch' : null,
      labelArrow: 'none',
      ...(x === 'epoch'
        ? { domain: last === 1 ? [0, 2] : [1, last], ticks: wholeTicks(last), tickFormat: String }
        : { zero: true, ticks: durationTicks(longest), tickFormat: tickDuration }),
    } as Plot.ScaleOptions,
    y: {
      label: null,
      nice: true,
      ticks: 5,
      ...(isShare ? { tickFormat: (share: number) => percent(share, digits) } : { zero: true }),
    },
    marks: [
      Plot.gridY({ ...grid, ticks: 5 }),
      ...networks.flatMap((places) => {
        const [first] = places;
        if (!first) return [];
        const { colour } = first;
        return [
          Plot.areaY(places, { x, y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.16 }),
          Plot.line(places, { x, y: 'mean', stroke: colour, strokeWidth: 2 }),
          Plot.dot(places, {
            x,
            y: 'mean',
            fill: colour,
            r: last > 40 ? 1 : 2.5,
            title: ({ name, epoch, mean, low, high }: Place) =>
              `${name}, epoch ${epoch}: ${text(mean)} (${text(low)} to ${text(high)})`,
          }),
        ];
      }),
    ],
  });
}

/** At most ten. */
function wholeTicks(last: number): number[] {
  const stride = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => last / step <= 10) ?? Math.ceil(last / 10);
  const ticks = Array.from({ length: Math.floor(last / stride) }, (_, i) => (i + 1) * stride);
  return stride === 1 ? ticks : [1, ...ticks];
}
