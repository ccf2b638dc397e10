/** What ranks tell each other of a measurement: every rank calls these alike. */
import type { Ranks } from '../../engines/index.ts';

/** What each rank found, by rank. */
function ofAll(ranks: Ranks, number: number): Promise<Float64Array> {
  const numbers = new Float64Array(ranks.size);
  numbers[ranks.rank] = number;
  return ranks.sum(numbers);
}

/** The most seconds of all ranks. All begin together, so that nobody's time has the wait for another's work before. */
export async function slowest(ranks: Ranks, seconds: () => Promise<number>): Promise<number> {
  await ofAll(ranks, 0);
  return Math.max(...(await ofAll(ranks, await seconds())));
}

/** The names of all machines, each once, in the order of their ranks. They travel as bytes, one number for each. */
export async function hostsOf(ranks: Ranks): Promise<string[]> {
  const most = 64;
  const { rank, size, host } = ranks;
  const numbers = new Float64Array(size * most);
  numbers.set([...Buffer.from(host).subarray(0, most)], rank * most);
  const all = await ranks.sum(numbers);
  const names = Array.from({ length: size }, (_, i) =>
    Buffer.from(all.slice(i * most, (i + 1) * most))
      .toString()
      .replaceAll('\0', ''),
  );
  return [...new Set(names)];
}
