/** Runs at most `width` of the tasks given to it at a time, in the order they came. */
export function concurrencyLimit(width: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running < width) running++;
    // whoever ends hands its place over, so that `running` stays
    else await new Promise<void>((start) => waiting.push(start));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
