/** What the article's code comes to. */
import type { Amount } from '../amounts.ts';
import type { BuildAttempt } from '../arithmetic/build-attempt.ts';
import type { TrainedRecord } from '../laboratory.ts';

/** What the article's code is tried with. */
export interface ArticleSettings extends Amount {
  /** Heights and widths of images. */
  readonly sizes: readonly number[];
  /** `num_layers` of the ResNet that is trained. */
  readonly blocks: number;
}

/** A network that was built, and trained. */
export interface BuiltAndTrained {
  readonly built: BuildAttempt;
  readonly run: TrainedRecord;
}

export interface ArticleResult {
  readonly resnet: readonly {
    readonly size: number;
    readonly sides: readonly number[];
    /** The block whose pooling leaves nothing, as the arithmetic has it. */
    readonly endsAfter: number | null;
    /** The most blocks that there is room for. */
    readonly most: number;
    /** With num_layers=50, as the article has it. */
    readonly error: string | null;
  }[];
  /** Parameters: of the article's, with num_layers=50 and with five nines, and of the papers' networks of those depths. */
  readonly params: Readonly<Record<'resnet' | 'densenet' | 'paperResnet' | 'paperDensenet', number>>;
  /** After each repair, the first row before any: what stops it at each size, null where nothing does. */
  readonly ladder: readonly { readonly attempts: readonly BuildAttempt[] }[];
  readonly trained: readonly BuiltAndTrained[];
}

/** What its graph has, where it can be built. */
export const connectionsIn = ({ built }: BuiltAndTrained) =>
  built.error === null ? { shortcuts: built.shortcuts, joins: built.concatenations } : { shortcuts: 0, joins: 0 };
