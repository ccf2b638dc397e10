/** A normalised image [C, H, W] through a Gaussian of this deviation in pixels, cut off at three of them; beyond the edges, pixels repeat. */
export function gaussianFilter(
  image: Float32Array,
  { height, width }: { readonly height: number; readonly width: number },
  deviation: number,
): Float32Array {
  const reach = Math.ceil(3 * deviation);
  const taps = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  );
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  const area = height * width;
  const along = (source: Float32Array, extent: number, step: number, lineOf: (line: number) => number) => {
    const blurred = new Float32Array(source.length);
    for (let line = 0; line < source.length / extent; line++)
      for (let i = 0; i < extent; i++) {
        let sum = 0;
        for (const [tap, weight] of taps.entries()) {
          const at = Math.min(extent - 1, Math.max(0, i + tap - reach));
          sum += weight * (source[lineOf(line) + at * step] as number);
        }
        blurred[lineOf(line) + i * step] = sum / total;
      }
    return blurred;
  };
  const rows = along(image, width, 1, (line) => line * width);
  return along(rows, height, width, (line) => Math.floor(line / width) * area + (line % width));
}
