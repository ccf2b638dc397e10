/** What lies beyond the border of an image: which of its own pixels stands there. */

/** How an image goes on beyond its border: `nearest` aaa|abc|ccc, `halves` cba|abc|cba (SciPy's reflect), `centres` cb|abc|ba (OpenCV's reflect 101). */
export type Border = 'nearest' | 'halves' | 'centres';

/** The index of a row or column of 0..length − 1 that stands at `at`. */
export function within(at: number, length: number, border: Border): number {
  if (at >= 0 && at < length) return at;
  if (border === 'nearest' || length === 1) return at < 0 ? 0 : length - 1;
  const period = border === 'halves' ? 2 * length : 2 * length - 2;
  const place = ((at % period) + period) % period;
  if (place < length) return place;
  return period - place - (border === 'halves' ? 1 : 0);
}
