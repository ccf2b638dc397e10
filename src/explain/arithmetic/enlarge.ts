/** A map [height, width] at another size, between its places linearly: pixel centres stand at ½, as in PyTorch's `interpolate` without `align_corners`. */
export function enlarge(
  { values, height, width }: { readonly values: ArrayLike<number>; readonly height: number; readonly width: number },
  to: { readonly height: number; readonly width: number },
): Float32Array {
  const rows = places(height, to.height);
  const columns = places(width, to.width);
  const enlarged = new Float32Array(to.height * to.width);
  let i = 0;
  for (const [top, bottom, down] of rows)
    for (const [left, right, across] of columns) {
      const at = (y: number, x: number) => values[y * width + x] as number;
      const above = at(top, left) * (1 - across) + at(top, right) * across;
      const below = at(bottom, left) * (1 - across) + at(bottom, right) * across;
      enlarged[i++] = above * (1 - down) + below * down;
    }
  return enlarged;
}

/** For each new place the two old ones beside it, and the share of the second. */
function places(from: number, to: number): [first: number, second: number, share: number][] {
  return Array.from({ length: to }, (_, i) => {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const first = Math.floor(at);
    return [first, Math.min(from - 1, first + 1), at - first];
  });
}
