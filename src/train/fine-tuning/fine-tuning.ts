/** How a run goes from weights that know other images to the data's: in phases, each of which trains some of the layers. */
import {
  choice,
  definePart,
  type Filled,
  type Named,
  number,
  type Options,
  type Part,
  whole,
} from '../../parts/index.ts';
import type { LayerRate } from '../../step/index.ts';

/** What fine-tuning needs to know of a network. */
export interface NetworkDepth {
  /** The path of the head. */
  readonly head: string;
  /** The outermost paths of all layers before the head, from the image on: stem, stage1, … */
  readonly groups: readonly string[];
  /** The paths of the batch norms. */
  readonly batchNorms: readonly string[];
}

/** Some epochs of a run, in which the same layers train. */
export interface Phase {
  /** `head`, `stage4 on`, `all`; empty where a run has no other. */
  readonly name: string;
  readonly epochs: number;
  /** Layers that keep their weights, and whose batch norms use the running statistics. */
  readonly freeze: readonly string[];
  /** Layers whose learning rate is a share of the schedule's. */
  readonly rates: readonly LayerRate[];
  /** Whether it trains the head alone, on features that are computed once. */
  readonly isOnFeatures: boolean;
}

export interface FineTuning extends Named {
  /** @param epochs of the run, without those of a head that trains before */
  phases(network: NetworkDepth, epochs: number): Phase[];
}

/** What stands in a record, and what `phases` is given of its options. */
interface FineTuningRecord<Own extends Options> {
  readonly name: string;
  readonly about: string;
  readonly source?: string;
  readonly options: Own;
  phases(network: NetworkDepth, epochs: number, options: Filled<Own>): Phase[];
}

export const defineFineTuning = <Own extends Options>({
  phases,
  ...record
}: FineTuningRecord<Own>): Part<FineTuning, Own> =>
  definePart<FineTuning, Own>({
    ...record,
    make: (options) => ({ phases: (network, epochs) => phases(network, epochs, options) }),
  });

/** What those have that train more than the head. */
export const deepOptions = {
  headEpochs: whole({
    about: 'epochs of the head alone, before the rest trains too',
    from: 0,
    default: 20,
    flag: {
      flags: '--head-epochs <n>',
      about: 'of fine-tuning: epochs of the new head alone, before the rest trains too',
    },
  }),
  lowestRate: number({
    about: 'share of the rate that the first layers get; those between, in geometric steps',
    above: 0,
    to: 1,
    default: 0.1,
    hint: '1 is one rate for all',
  }),
  batchNorm: choice(['adapted', 'frozen'], {
    about: 'whether batch norms follow the data or keep what the weights brought',
    default: 'adapted',
  }),
} as const;

type Deep = Filled<typeof deepOptions>;

/** The head alone, which reads what never changes. */
export const headPhase = ({ groups }: NetworkDepth, epochs: number): Phase => ({
  name: 'head',
  epochs,
  freeze: groups,
  rates: [],
  isOnFeatures: true,
});

/** The head and all layers from `groups[from]` on. */
export function deepPhase(
  { groups, batchNorms }: NetworkDepth,
  from: number,
  epochs: number,
  { lowestRate, batchNorm }: Deep,
): Phase {
  const frozen = groups.slice(0, from);
  const rates = groups.map((path, i) => ({ path, factor: lowestRate ** ((groups.length - i) / groups.length) }));
  return {
    name: from === 0 ? 'all' : `${groups[from]} on`,
    epochs,
    freeze: [...frozen, ...(batchNorm === 'frozen' ? batchNorms : [])],
    rates: rates.slice(from).filter(({ factor }) => factor !== 1),
    isOnFeatures: false,
  };
}

/** The head's own epochs, where it has some. */
export const headFirst = (network: NetworkDepth, { headEpochs }: Deep): Phase[] =>
  headEpochs > 0 ? [headPhase(network, headEpochs)] : [];
