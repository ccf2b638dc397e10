/** Numbers with what chance leaves open, and their differences. */
import { wilsonInterval } from '../../metrics/index.ts';

/** A number and its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A share of things that were counted, with Wilson's interval. */
export const shareOf = (correct: number, total: number): Estimate => ({
  value: correct / total,
  ...wilsonInterval(correct, total),
});

/**
 * a − b of independent estimates, with the interval that follows from both of theirs (MOVER: Zou and Donner 2008); of two shares it is Newcombe's
 * (1998, method 10).
 */
export function differenceOf(a: Estimate, b: Estimate): Estimate {
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/** What an interval says of a number: whether it is above 0 or below, or cannot be told. */
export const signOf = ({ low, high }: Pick<Estimate, 'low' | 'high'>): 'above' | 'below' | 'open' =>
  low > 0 ? 'above' : high < 0 ? 'below' : 'open';
