import type { DataProblem } from './data-problem.ts';

/** How many lines of the same problem are named. */
const mostNamed = 5;

interface LineProblem extends Pick<DataProblem, 'severity' | 'kind' | 'hint'> {
  readonly message: string;
  readonly lines: number[];
  count: number;
}

/** What is wrong in the lines of a file: of each kind the first in full, and where else. */
export class LineProblems {
  readonly #path: string;
  readonly #found = new Map<string, LineProblem>();

  constructor(path: string) {
    this.#path = path;
  }

  /** @param about what makes it the same as in another line */
  add(
    line: number,
    problem: Pick<DataProblem, 'severity' | 'kind' | 'hint'> & { readonly message: string },
    about: string = problem.kind,
  ): void {
    const known = this.#found.get(about);
    if (!known) this.#found.set(about, { ...problem, lines: [line], count: 1 });
    else {
      known.count++;
      if (known.lines.length <= mostNamed) known.lines.push(line);
    }
  }

  /** In the order in which they were found first. */
  list(): DataProblem[] {
    return [...this.#found.values()].map(({ severity, kind, hint, message, lines: [first, ...others], count }) => ({
      severity,
      kind,
      path: this.#path,
      count,
      message: `${this.#path}:${first}: ${message}${elsewhere(others, count - 1)}`,
      ...(hint !== undefined && { hint }),
    }));
  }
}

/** ; and 12 more lines are alike: 4, 7, 9, … */
function elsewhere(lines: readonly number[], count: number): string {
  if (count === 0) return '';
  if (count === 1) return ` (line ${lines[0]} is alike)`;
  return ` (${count} more lines are alike: ${lines.slice(0, mostNamed).join(', ')}${count > mostNamed ? ', …' : ''})`;
}
