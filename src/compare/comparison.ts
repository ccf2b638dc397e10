/** What a comparison came to. */
import { count } from '../report/index.ts';
import type { ComparisonState, KeptRun } from './comparison-state.ts';
import { differenceNotes, differenceWords } from './difference-words.ts';
import { type Difference, differencesOf } from './differences.ts';
import { type ComparedNetwork, commonAccuracy, networkResults } from './network-result.ts';

/** Networks trained by one recipe with several seeds, as far as they are. */
export interface Comparison {
  readonly folder: string;
  /** 'time': the minutes were up. */
  readonly stopped: 'finished' | 'interrupted' | 'time';
  readonly seeds: readonly number[];
  /** Runs that are neither done nor failed. */
  readonly left: number;
  /** What accuracies are measured on, and how many images that are: 'validation' where the data has no test images. */
  readonly split: 'test' | 'validation';
  readonly images: number;
  /** The validation accuracy that every training reached, which `secondsToTarget` is the time to. */
  readonly target?: number;
  readonly networks: readonly ComparedNetwork[];
  /** Of each pair, with a sentence. */
  readonly differences: readonly (Difference & { readonly words: string })[];
  /** What the sentences stand on. */
  readonly notes: readonly string[];
}

/** @param pathOf the run folder */
export function comparisonOf(
  folder: string,
  stopped: Comparison['stopped'],
  { networks, runs, samples, seeds }: ComparisonState,
  pathOf: (run: KeptRun) => string,
): Comparison {
  const outcomes = runs.flatMap(({ outcome }) => outcome ?? []);
  const target = commonAccuracy(outcomes);
  const results = networkResults(networks, runs, pathOf);
  const differences = differencesOf(results).map((one) => ({ ...one, words: differenceWords(one) }));
  const split = samples.test > 0 ? 'test' : 'validation';
  const images = samples[split];
  const common = Math.max(0, ...differences.map((one) => one.seeds));
  return {
    folder,
    stopped,
    seeds,
    left: runs.filter(({ outcome, failure }) => !outcome && !failure).length,
    split,
    images,
    ...(target !== undefined && { target }),
    networks: results,
    differences,
    notes: [...lengthNotes(results), ...differenceNotes(differences, common, images)],
  };
}

/** What is said where networks had different numbers of steps, as those that share a time have. */
function lengthNotes(networks: readonly ComparedNetwork[]): string[] {
  const trained = networks.flatMap(({ name, runs }) => {
    const steps = runs.flatMap(({ outcome }) => (outcome?.stopped === 'finished' ? [outcome.steps] : []));
    if (steps.length === 0) return [];
    const [least, most] = [Math.min(...steps), Math.max(...steps)];
    return [{ least, most, text: `${name} ${count(least)}${most > least ? ` to ${count(most)}` : ''}` }];
  });
  const all = trained.flatMap(({ least, most }) => [least, most]);
  if (new Set(all).size < 2) return [];
  const list = trained.map(({ text }) => text).join(', ');
  return [
    `Networks are compared at equal time, not at equal length: their trainings had different numbers of steps (${list}).`,
  ];
}
