/** Levels spread so that each share of them is as frequent, as OpenCV's equalizeHist: the least becomes 0. @param levels whole, 0..255 */
export function equalised(levels: Float64Array): Float64Array {
  const counts = new Uint32Array(256);
  for (const level of levels) counts[level] = (counts[level] as number) + 1;
  const least = counts.findIndex((count) => count > 0);
  const others = levels.length - (counts[least] ?? 0);
  if (others === 0) return levels;
  let sum = 0;
  const table = Float64Array.from(counts, (count, level) => {
    if (level > least) sum += count;
    return Math.min(255, Math.round(sum * Math.fround(255 / others)));
  });
  return levels.map((level) => table[level] as number);
}
