/** Seconds as people read them: 7.3 s, 3:05, 1:02:09. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Whole numbers of seconds, minutes or hours from 0 to `most`, about five. */
export function durationTicks(most: number): number[] {
  const step = steps.find((one) => most / one <= 6) ?? Math.ceil(most / 6);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => Number((i * step).toFixed(1)));
}

/** Of an axis: 0, 30 s, 2:00. */
export const tickDuration = (seconds: number): string =>
  seconds === 0 ? '0' : seconds < 60 ? `${Number(seconds.toFixed(1))} s` : duration(seconds);
