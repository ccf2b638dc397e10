/** The value below which a share of `sorted` (ascending, not empty) lies, between two neighbours on the line through both: Hyndman and Fan's type 7 (1996). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  return below + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] as number) - below);
}
