/** Numbers of figures as text. */
import { duration, tickDuration } from '../../page/duration.ts';
import { count, memory, multiplyAdds, percent } from '../../page/quantity.ts';
import type { NumberFormat } from './figure.ts';

/** 0.0123, 1.5e-7, 12,345: about four digits; – where nothing was measured. */
export function numberText(value: number | null, format: NumberFormat = 'number'): string {
  if (value === null || !Number.isFinite(value)) return '–';
  switch (format) {
    case 'count':
      return count(value);
    case 'percent':
      return percent(value);
    case 'seconds':
      return duration(value);
    case 'memory':
      return memory(value);
    case 'multiplyAdds':
      return multiplyAdds(value);
    default:
      return plain(value).replace(/^-/, '−');
  }
}

/** The same in as few characters as an axis has room for. */
export function tickText(value: number, format: NumberFormat = 'number'): string {
  if (format === 'percent') return percent(value, 0);
  if (format === 'count') return value >= 1e5 ? multiplyAdds(value).replace(/\.0+ /, ' ') : count(value);
  if (format === 'seconds') return tickDuration(value);
  if (format === 'memory' || format === 'multiplyAdds') return numberText(value, format).replace(/\.0+ /, ' ');
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e5 || size < 1e-3)
    ? value.toExponential(0).replace('e+', 'e').replace(/^-/, '−')
    : String(Number(value.toPrecision(4))).replace(/^-/, '−');
}

function plain(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) return value.toExponential(2).replace('e+', 'e');
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}
