import { numberText } from '../laboratory/figures/number-text.ts';
import { element, named, scrollBox } from '../page/element.ts';
import { count } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { barCell, numberCell, row, table } from '../page/table.ts';
import type { ReplayData } from './replay-data.ts';

/** Norms of weights, gradients and updates, layer by layer. */
export const layersSection = defineSection<ReplayData>({
  id: 'layers',
  heading: 'What it did to each layer',
  draw: ({ layers, clip }) => {
    const shares = layers.map(({ weights, update }) => update / weights);
    const most = Math.max(...shares.filter(Number.isFinite));
    return [
      element(
        'p',
        {},
        'Euclidean norms over all parameters of a layer: of its weights before the step, of the gradient of the loss by them, and of what the ' +
          'step added to them. The gradient is without weight decay; the update has that too, and what the optimiser remembers of the ' +
          `steps before. The bar is the update’s share of the weights. ${clipText(clip)}`,
      ),
      scrollBox(
        'Norms by layer',
        table({
          head: ['layer', 'update / weights', 'weights', 'gradient', 'update', 'parameters'],
          numbersFrom: 1,
          rows: layers.map(({ path, size, weights, gradient, update }, i) =>
            row(
              named(path),
              barCell(numberText(shares[i] as number), (shares[i] as number) / most, '', shares[i]),
              numberCell(numberText(weights), weights),
              numberCell(numberText(gradient), gradient),
              numberCell(numberText(update), update),
              numberCell(count(size), size),
            ),
          ),
        }),
      ),
    ];
  },
});

function clipText(clip: ReplayData['clip']): string {
  if (!clip) return '';
  return clip.factor < 1
    ? `All gradients together were longer than the limit of ${clip.limit}, and were multiplied by ${numberText(clip.factor)} before the update; here they are as they were before.`
    : `All gradients together were within the limit of ${clip.limit}.`;
}
