import type { ScaleOptions } from '@observablehq/plot';
import { durationTicks } from '../../page/duration.ts';
import { inLanguage, type Language } from '../words.ts';
import type { Axis } from './figure.ts';
import { tickText } from './number-text.ts';

/** An axis as Plot has it. */
export function plotAxis({ label, scale = 'linear', format, domain }: Axis, language: Language): ScaleOptions {
  return {
    type: scale,
    label: inLanguage(label, language),
    labelArrow: 'none',
    ...(domain && { domain: [...domain] }),
    ...(scale === 'linear' && { nice: domain === undefined, ticks: 5 }),
    ...(format === 'seconds' && scale === 'linear' && domain && { ticks: durationTicks(domain[1]) }),
    ...(scale === 'log' && { ticks: 5 }),
    tickFormat: (value: number) => tickText(value, format),
  } as ScaleOptions;
}
