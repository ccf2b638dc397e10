/** The middle one, or the mean of the two in the middle; NaN of none. */
export function median(numbers: readonly number[]): number {
  const ordered = [...numbers].sort((a, b) => a - b);
  const upper = ordered[ordered.length >> 1] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[(ordered.length >> 1) - 1] ?? Number.NaN) + upper) / 2;
}
