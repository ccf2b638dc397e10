/** Settings of a recipe as people write them after flags. */
import { textOf } from '../parts/index.ts';

type Part = Readonly<Record<string, unknown>> & { readonly name: string };

const shown = 5;

/** Two values of a setting that differ; of a part that only has other options, these alone: `sgd:momentum=0.9` and `sgd:momentum=0.8`. */
export function settingTexts(before: unknown, after: unknown): [before: string, after: string] {
  if (!isPart(before) || !isPart(after) || before.name !== after.name) return [settingText(before), settingText(after)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = keys.filter((key) => settingText(before[key]) !== settingText(after[key]));
  const only = ({ name, ...options }: Part) =>
    partText({ name, ...Object.fromEntries(differing.map((key) => [key, options[key]])) });
  return [only(before), only(after)];
}

/** `crop:pad=4,flip`; 0.9/0.999; 3×32×32; none. */
export function settingText(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return listText(value);
  if (isPart(value)) return partText(value);
  if (typeof value !== 'object') return String(value);
  const { channels, height, width } = value as Record<string, unknown>;
  return height === undefined || width === undefined ? JSON.stringify(value) : `${channels}×${height}×${width}`;
}

function listText(items: readonly unknown[]): string {
  if (items.length === 0) return 'none';
  if (items.every((item) => typeof item === 'number')) return textOf(items);
  const texts = items.map(settingText);
  if (items.every(isPart)) return texts.join(',');
  return texts.length > shown ? `${texts.slice(0, shown).join(', ')}, … (${texts.length})` : texts.join(', ');
}

function partText({ name, ...options }: Part): string {
  const words = Object.entries(options).map(([key, value]) => (value === true ? key : `${key}=${settingText(value)}`));
  return words.length > 0 ? `${name}:${words.join(',')}` : name;
}

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Part>).name === 'string';
