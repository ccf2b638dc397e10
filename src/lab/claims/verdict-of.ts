import type { Verdict } from './claim.ts';

/** What several comparisons say together of a claim by which the first side, `a`, wins each. */
export function verdictOf(found: readonly ('a' | 'b' | 'open')[]): Verdict {
  const won = found.filter((one) => one === 'a').length;
  if (found.length > 0 && won === found.length) return 'holds';
  if (won > 0) return 'in part';
  return found.includes('b') ? 'does not hold' : 'open';
}
