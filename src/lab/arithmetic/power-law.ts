/** How one number grows with another. */

/**
 * The p of y = c · xᵖ that fits best: the slope of log y over log x by least squares. NaN for fewer than two different x, or where a number is
 * not above 0.
 */
export function exponentOf(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  if (!logs.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y))) return Number.NaN;
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  const spread = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (logs.length < 2 || spread === 0) return Number.NaN;
  return logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}
