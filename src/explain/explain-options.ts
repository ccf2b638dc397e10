/** Options of `explain`, and what follows from them. */
import type { Engine } from '../engines/index.ts';
import { ConfigError, type DataError, nearestName } from '../tensor/index.ts';
import type { ImageSource, NamedImage } from './images.ts';
import { methods as kind } from './kinds.ts';
import type { Method } from './methods/method.ts';

/** Options of `explain`. */
export interface ExplainOptions {
  readonly images: readonly (ImageSource | NamedImage)[];
  /** Methods, or their names and options as text: `integratedGradients:steps=100`. Default: Grad-CAM and integrated gradients. */
  readonly methods?: string | readonly (Method | string)[];
  /** The layer, block or stage that methods at a layer look at, such as `stage3`. Default: the last map before the head's pooling. */
  readonly layer?: string;
  /** The label that is explained. Default: what the network takes each image for, and its true class where that is known and another. */
  readonly label?: string;
  /** Whether each map is scored, and compared with those of randomised weights; default true. */
  readonly checks?: boolean;
  /** Of random maps and randomised weights; default 0. */
  readonly seed?: number;
  /** Labels that each image's `predictions` have; default 5. */
  readonly top?: number;
  /** Default: that of the classifier, else 'auto'. */
  readonly engine?: Engine | string;
  /** Default: those of the classifier, else all cores. */
  readonly threads?: number;
  /** Images that go through the network together; default: the classifier's, else 32. */
  readonly batchSize?: number;
  /** Ends it after the image or map under way. */
  readonly signal?: AbortSignal;
  /** Hears of an image that cannot be read, which is then left out; without it the error is thrown. */
  readonly onUnreadable?: (index: number, error: DataError) => void;
  /** Hears how much is done of all maps, those that check others among them. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Where and which, how fine, quickly. */
const usual = 'gradCam,integratedGradients';

/** @throws ConfigError for what is no method, or none at all */
export function chosenMethods(given: ExplainOptions['methods'] = usual, where = 'explain: `methods`'): Method[] {
  const chosen =
    given === 'all'
      ? kind.parts.map((part) => part.from({}))
      : typeof given === 'string'
        ? kind.parseList(where, given)
        : given.map((one) => (typeof one === 'string' ? kind.parse(where, one) : one));
  if (chosen.length > 0) return chosen;
  throw new ConfigError(`${where}: expected a method or more, but got none`, `such as ${usual}, or all`);
}

/** The index of a label. @throws ConfigError where the network knows none of that name */
export function labelIndex(label: string, classes: readonly string[], where: string): number {
  const index = classes.indexOf(label);
  if (index >= 0) return index;
  const nearest = nearestName(label, classes);
  const shown = classes.length <= 12 ? classes : [...classes.slice(0, 10), `${classes.length - 10} more`];
  throw new ConfigError(
    `${where}: expected one of the network's classes, but got \`${label}\`${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    `they are ${shown.join(', ')}`,
  );
}
