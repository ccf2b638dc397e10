/** Which hypothesis the numbers speak for, or why none can be taken. */
import type { Network } from '../../nn/index.ts';
import type { Tensor } from '../../tensor/index.ts';
import { isBetter, isClearlyBetter, sameMeasure } from './compare-fits.ts';
import { areNumbered, type FileLayer } from './file-layers.ts';
import { Memory } from './follow-moments.ts';
import { fitOf, type Hypothesis } from './hypotheses.ts';
import type { NormFit } from './measure-fit.ts';
import { alikeUnits, exchanged, firstOf, namesOfPair } from './swapped-units.ts';
import type { TiledUnit } from './tile-layers.ts';

/** What was decided, and how. */
export interface Chosen {
  readonly chosen: Hypothesis;
  readonly notes: readonly string[];
  /** Whether the numbers told shortcuts that leave no weights from none. */
  readonly areShortcutsTold: boolean;
}

/** Or why nothing could be. */
export type Choice = Chosen | { readonly problem: string; readonly hint: string };

const module = 'give a module that builds the network: --model ./net.mjs';

/** The natural one, unless running statistics clearly speak for another; none where they leave two or contradict it. */
export function choose(all: readonly Hypothesis[], tensors: ReadonlyMap<string, Tensor>, isSorted: boolean): Choice {
  const [first] = all as [Hypothesis];
  if (!hasStatistics(first, tensors)) return chosenByNames(all, isSorted);
  const memory = new Memory();
  const measured = all.map((hypothesis) => ({ hypothesis, fit: fitOf(hypothesis, tensors, memory) }));
  const natural = measured[0] as (typeof measured)[number];
  if (natural.fit.some(({ error }) => Number.isNaN(error))) return chosenByNames(all, isSorted);
  const best = measured.reduce((a, b) => (isBetter(b.fit, a.fit) ? b : a));
  const chosen = isClearlyBetter(best.fit, natural.fit) ? best : natural;
  const rival = measured.find(
    ({ hypothesis, fit }) =>
      hypothesis !== chosen.hypothesis &&
      !(chosen === natural && hypothesis.isByNumbers) &&
      !isByConvention(chosen.hypothesis, hypothesis) &&
      !isClearlyBetter(chosen.fit, fit),
  );
  if (rival) return ambiguous(chosen.hypothesis, rival.hypothesis, 'and their running statistics do not tell which');
  const swapped = swappedOf(chosen.hypothesis, chosen.fit, tensors, memory);
  if (swapped !== undefined)
    return { problem: swapped, hint: `save the weights again from the network that was trained, or ${module}` };
  const wrong = contradictionOf(chosen.hypothesis, chosen.fit);
  if (wrong !== undefined) return { problem: wrong, hint: module };
  const isMoved = chosen !== natural && chosen.hypothesis.comparison === natural.hypothesis.comparison;
  const { network } = chosen.hypothesis.comparison.network;
  const others = measured.filter(({ hypothesis }) => hypothesis.comparison.network.network !== network);
  const areShortcutsTold = others.length > 0 && others.every(({ fit }) => isClearlyBetter(chosen.fit, fit));
  return {
    chosen: chosen.hypothesis,
    areShortcutsTold,
    notes: [
      ...(areShortcutsTold
        ? [
            `running statistics go with ${network.name}, not with ${others[0]?.hypothesis.comparison.network.network.name}`,
          ]
        : []),
      ...(isMoved
        ? [`the order of ${movedOf(natural.hypothesis, chosen.hypothesis)} was told from running statistics`]
        : []),
    ],
  };
}

/** Whether any batch norm has seen images: its statistics are no longer 0 and 1. */
function hasStatistics({ layers }: Hypothesis, tensors: ReadonlyMap<string, Tensor>): boolean {
  for (const { tensors: names, kind } of layers.values())
    if (kind === 'norm' && [...(tensors.get(names.get('mean') as string)?.data ?? [])].some((m) => m !== 0))
      return true;
  return false;
}

/** Nothing to measure: an order stands where numbers in the names say it, or that of registration, which a sorted file has lost. */
function chosenByNames(all: readonly Hypothesis[], isSorted: boolean): Choice {
  const [first, ...others] = all as [Hypothesis, ...Hypothesis[]];
  const rival = others.find(
    (one) => !one.isByNumbers && !isByConvention(first, one) && (isSorted || one.units !== first.units),
  );
  const reason = 'and there are no running statistics that would tell which';
  if (rival) return ambiguous(first, rival, reason);
  const unnumbered = alikeUnits(first.units, 10_000).find(([a, b]) => !areNumbered(firstOf(a), firstOf(b)));
  if (isSorted && unnumbered) {
    const [a, b] = unnumbered;
    return {
      problem: `${namesOfPair(a, b)} have equal layers, nothing in their names says which comes first, ${reason}`,
      hint: module,
    };
  }
  return {
    chosen: first,
    areShortcutsTold: false,
    notes: [
      `no running statistics to check the order of equal layers by: taken as ${isSorted ? 'the numbers in their names' : 'the file'} has it`,
    ],
  };
}

/** Whether they are networks with other shortcuts that weights do not tell apart: the usual ones are then taken, with a note. */
function isByConvention(chosen: Hypothesis, other: Hypothesis): boolean {
  const [a, b] = [chosen.comparison.network.network, other.comparison.network.network];
  return a !== b && a.options.stem !== 'deep';
}

function ambiguous(a: Hypothesis, b: Hypothesis, reason: string): Choice {
  const [one, other] = [a.comparison.network.network, b.comparison.network.network];
  if (one !== other) {
    const name = ({ name, options: { shortcut } }: Network) =>
      `${name}${shortcut ? ` with shortcuts ${shortcut}` : ''}`;
    return {
      problem: `they fit ${name(one)} and ${name(other)}, ${reason}`,
      hint: 'give --model with the one that was trained',
    };
  }
  return {
    problem: `they fit ${one.name} in more than one order (${movedOf(a, b)} could be exchanged), ${reason}`,
    hint: module,
  };
}

/** The first two layers that another assignment has elsewhere. */
function movedOf(a: Hypothesis, b: Hypothesis): string {
  const moved = [...a.layers]
    .filter(([path, layer]) => b.layers.get(path) !== layer)
    .map(([, { path }]) => `\`${path}\``);
  return moved.slice(0, 2).join(' and ');
}

/** What no order mends: statistics that another network must have measured. */
function contradictionOf({ comparison, layers }: Hypothesis, norms: readonly NormFit[]): string | undefined {
  const { name } = comparison.network.network;
  const inFile = (entry: string) => (layers.get(entry.slice(0, entry.lastIndexOf('.'))) as FileLayer).path;
  const twice = norms.find(({ contradiction }) => contradiction > sameMeasure);
  if (twice)
    return (
      `their shapes fit ${name}, but their running statistics do not: \`${inFile(twice.name)}\` has measured other numbers than ` +
      'a batch norm before it that reads the same features, so the features are joined in another order or come from elsewhere'
    );
  const far = norms.find(
    ({ error, baseline, isSharp, channels }) => isSharp && channels > 0 && error > 0.1 && error > baseline / 2,
  );
  return (
    far &&
    `their shapes fit ${name}, but their running statistics do not: \`${inFile(far.name)}\` has measured other numbers than ` +
      'the layers before it would give, so something between them is different'
  );
}

/** Evaluations of a network, in sums over a kernel: a few seconds' worth. */
const mostWork = 3e9;

function swappedOf(
  hypothesis: Hypothesis,
  fit: readonly NormFit[],
  tensors: ReadonlyMap<string, Tensor>,
  memory: Memory,
): string | undefined {
  const work = hypothesis.comparison.network.layers.reduce(
    (sum, { shape: [out = 1, input = 1] }) => sum + out * input,
    0,
  );
  let best: { readonly fit: readonly NormFit[]; readonly pair: [TiledUnit, TiledUnit] } | undefined;
  for (const pair of alikeUnits(hypothesis.units, Math.max(1, Math.floor(mostWork / work)))) {
    const layers = exchanged(hypothesis.layers, pair);
    const found = fitOf({ comparison: hypothesis.comparison, layers }, tensors, memory);
    if (isClearlyBetter(found, fit) && (!best || isBetter(found, best.fit))) best = { fit: found, pair };
  }
  // where something else is wrong as well, an exchange explains nothing
  if (!best || contradictionOf(hypothesis, best.fit) !== undefined) return undefined;
  return `they fit ${hypothesis.comparison.network.network.name}, but ${namesOfPair(...best.pair)} have changed places: their running statistics go with the other order`;
}
