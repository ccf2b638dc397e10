/** Quantities as people read them. */

/** 269,722 */
export function count(n: number): string {
  return n.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** 40.6 M, 2.83 G: multiply-adds. */
export function macs(n: number): string {
  if (n >= 1e9) return `${hundredths(n / 1e9)} G`;
  return n >= 1e6 ? `${(n / 1e6).toFixed(1)} M` : `${(n / 1e3).toFixed(1)} k`;
}

/** 65.5 kB, 14.7 MB, 1.09 GB, 2.35 TB: decimal units. */
export function memory(n: number): string {
  if (n >= 1e12) return `${hundredths(n / 1e12)} TB`;
  if (n >= 1e9) return `${hundredths(n / 1e9)} GB`;
  return n >= 1e6 ? `${(n / 1e6).toFixed(1)} MB` : `${(n / 1e3).toFixed(1)} kB`;
}

/** 1,234.50 */
const hundredths = (n: number): string =>
  n.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A share from 0 to 1 as 91.2 %. */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** An interval of shares: 90.6 to 91.8 %. */
export function percentRange({ low, high }: { readonly low: number; readonly high: number }, digits = 1): string {
  return `${(low * 100).toFixed(digits)} to ${percent(high, digits)}`;
}

/** 302 MB, 1.2 GB: decimal units. */
export function bytes(n: number): string {
  return n >= 1e9 ? `${(n / 1e9).toFixed(1)} GB` : `${(n / 1e6).toFixed(0)} MB`;
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
