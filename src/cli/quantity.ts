/** Quantities as people read them in a terminal; the others are the report's. */
import { count, percent } from '../report/index.ts';

export { bytes, count, memory, multiplyAdds as macs, percent } from '../report/index.ts';

/** 1 class, 1,000 classes */
export const counted = (n: number, one: string, several: string): string => `${count(n)} ${n === 1 ? one : several}`;

/** An interval of shares: 90.6 to 91.8 %. */
export function percentRange({ low, high }: { readonly low: number; readonly high: number }, digits = 1): string {
  return `${(low * 100).toFixed(digits)} to ${percent(high, digits)}`;
}

/** 305 kB, 46.8 MB: a file. */
export function fileSize(n: number): string {
  return n < 1e6 ? `${(n / 1e3).toFixed(0)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}

/** Seconds as 0:07, 12:30 or 1:05:00. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-:--';
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** What can be told of a time before: 40 s, 7 min, 2 h 10 min. */
export function roughTime(seconds: number): string {
  if (seconds < 90) return `${Math.max(10, Math.round(seconds / 10) * 10)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
