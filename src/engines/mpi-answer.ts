/** What a rank of a job that tries MPI says. */

export type RanksTried = { readonly library: string } | { readonly problem: string; readonly hint?: string };

/** Each rank's, among what its launcher printed. */
export function answersIn(text: string): RanksTried[] {
  return text.split('\n').flatMap((line) => {
    const from = line.indexOf('{"tried":');
    if (from < 0) return [];
    try {
      return [(JSON.parse(line.slice(from)) as { tried: RanksTried }).tried];
    } catch {
      return [];
    }
  });
}
