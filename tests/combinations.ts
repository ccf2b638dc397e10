/** Options of a run in eight combinations, of which each pair of choices that can be had together is in one. */
import { oneDnnHere } from './onednn-here.ts';

/** What each choice adds to the command line, without it and with it. */
const choices = {
  accumulated: [[], ['--accumulate', '2']],
  averaged: [[], ['--ema', '0.9']],
  threaded: [
    ['--workers', '0'],
    ['--workers', '2'],
  ],
  cached: [
    ['--cache', 'off'],
    ['--cache', 'CACHE'],
  ],
  frozen: [[], ['--freeze', 'stem']],
  mixed: [
    ['--augment', 'crop:pad=2,flip'],
    ['--augment', 'crop:pad=2,mixup'],
  ],
  bf16: [[], ['--precision', 'bf16']],
  onnxruntime: [
    ['--engine', 'onednn'],
    ['--engine', 'onnxruntime'],
  ],
  // the head, on features but where images are mixed, in the first epoch; then all layers
  tuned: [[], ['--weights', 'WEIGHTS', '--fine-tune', 'all', '--head-epochs', '1']],
} as const satisfies Record<string, readonly [readonly string[], readonly string[]]>;

export const choiceNames = Object.keys(choices);
const has = (row: string, choice: keyof typeof choices) => row[choiceNames.indexOf(choice)] === '+';

/** A column for each choice, in their order. ONNX Runtime has no bf16. */
export const rows: Readonly<Record<string, string>> = {
  'tuned in bf16': '-+----+-+',
  'many at once on ONNX Runtime': '+++-++-+-',
  'pictures kept, in bf16': '+-+++-+--',
  'tuned on ONNX Runtime': '-++++--++',
  'tuned and mixed': '---+-+-++',
  'averaged in bf16': '++---++--',
  'frozen on oneDNN': '----++---',
  'tuned with many at once': '++++-+-++',
};

export interface Combination {
  readonly name: string;
  /** What this machine has not, and what is tried in its place; empty where it has all. */
  readonly instead: string;
  readonly isTuned: boolean;
  /** Of the command line; the words WEIGHTS and CACHE stand for a file and a folder. */
  readonly words: readonly string[];
}

export const combinations: readonly Combination[] = Object.entries(rows).map(([name, row]) => {
  const lacks = (choice: 'bf16' | 'onnxruntime') =>
    choice === 'bf16' ? has(row, choice) && oneDnnHere?.bfloat16 !== true : !has(row, choice) && !oneDnnHere;
  const words = choiceNames.flatMap((choice, i) => {
    const [without, given] = choices[choice as keyof typeof choices];
    if (choice === 'bf16' && lacks(choice)) return without;
    if (choice === 'onnxruntime' && lacks(choice)) return given;
    return row[i] === '+' ? given : without;
  });
  const instead = [
    ...(lacks('bf16') ? ['no bf16 here: in float32'] : []),
    ...(lacks('onnxruntime') ? ['no oneDNN here: on ONNX Runtime'] : []),
  ].join(', ');
  return { name, instead, isTuned: has(row, 'tuned'), words };
});
