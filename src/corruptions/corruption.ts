/** A corruption: what spoils photographs in the world, at five severities, as ImageNet-C defines it (Hendrycks and Dietterich 2019). */
import type { Image } from '../data/index.ts';
import { definePart, type Named, type Option, type Part, whole } from '../parts/index.ts';
import { ConfigError, formatShape, type Random } from '../tensor/index.ts';

export const severities = [1, 2, 3, 4, 5] as const;
export type Severity = (typeof severities)[number];

/** What corruptions are grouped by. */
export const corruptionCategories = ['noise', 'blur', 'weather', 'digital'] as const;
export type CorruptionCategory = (typeof corruptionCategories)[number];

/** One corruption at one severity. `name` and `options` say all that is needed to make it again. */
export interface Corruption extends Named {
  readonly options: { readonly severity: Severity };
  readonly category: CorruptionCategory;
  /**
   * `benchmark`: one of those whose mean is reported. `extra`: of the four that the paper keeps for tuning. `apart`: of the benchmark, but not
   * made as it was published, so that its numbers stand for themselves.
   */
  readonly standing: 'benchmark' | 'extra' | 'apart';
  /**
   * The same picture, spoilt; never modifies its argument and draws only from `random`.
   * @param image 1 or 3 channels, at the size that a network takes
   * @throws ConfigError for other channels
   */
  apply(image: Image, random: Random): Image | Promise<Image>;
}

/** The constants of each severity. */
type Five<Constants> = readonly [Constants, Constants, Constants, Constants, Constants];

/** What a corruption is defined by. */
export interface CorruptionRecord<Constants> {
  /** As code and files call it. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What it does, in a few words without its name. */
  readonly about: string;
  readonly category: CorruptionCategory;
  /** Default `benchmark`. */
  readonly standing?: Corruption['standing'];
  /** For images with a side above 64 pixels: ImageNet-C's, which has 224 × 224. */
  readonly large: Five<Constants>;
  /** For smaller ones: CIFAR-10-C's, which has 32 × 32. */
  readonly small: Five<Constants>;
  apply(image: Image, constants: Constants, random: Random): Image | Promise<Image>;
}

/** Up to this side an image has the constants of CIFAR-10-C. */
const longestSmallSide = 64;

export const isSmall = ({ height, width }: Pick<Image, 'height' | 'width'>): boolean =>
  Math.max(height, width) <= longestSmallSide;

type Options = { readonly severity: Option<Severity> };

/** A corruption from its record. */
export const defineCorruption = <Constants>(record: CorruptionRecord<Constants>): Part<Corruption, Options> => {
  const { name, aliases = [], about, category, standing = 'benchmark' } = record;
  const severity = whole({ about: 'how strong, from 1 to 5', among: severities, default: 3 }) as Option<Severity>;
  return definePart<Corruption, Options>({
    name,
    aliases,
    about,
    source: 'arXiv:1903.12261',
    options: { severity },
    make: ({ severity }) => ({
      category,
      standing,
      apply(image, random) {
        expectChannels(name, image);
        return record.apply(image, record[isSmall(image) ? 'small' : 'large'][severity - 1] as Constants, random);
      },
    }),
  });
};

/** @throws ConfigError */
function expectChannels(name: string, { channels, height, width, pixels }: Image): void {
  if ((channels === 1 || channels === 3) && pixels.length === channels * height * width) return;
  throw new ConfigError(
    `${name}: expected an image of 1 or 3 channels and as many bytes as they have pixels, but got ${formatShape([channels, height, width])} with ${pixels.length} bytes`,
    'corrupt images before they are normalised or mixed',
  );
}

/** As people call it: `jpegCompression` is JPEG compression. */
export const corruptionTitle = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^jpeg/, 'JPEG');
