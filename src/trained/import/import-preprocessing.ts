/** How pixels become the input of imported weights: given, said by the file, or guessed by convention. */
import { type Preprocessing, parsePreprocessing } from '../../checkpoint/index.ts';
import { cifar10Normalisation, imageNetNormalisation, type Normalisation } from '../../data/index.ts';
import type { ImageSize } from '../../nn/index.ts';
import { ConfigError } from '../../tensor/index.ts';

/** What the user says of it. */
export interface PreprocessingOptions {
  /** Per channel, of pixels scaled to 0…1. */
  readonly mean?: readonly number[] | undefined;
  readonly std?: readonly number[] | undefined;
  /** Height and width of the network's input, in pixels. */
  readonly imageSize?: number | undefined;
  /** Images are scaled so that their shorter side has so many pixels, before the centre is cut out. */
  readonly resize?: number | undefined;
  /** How the pixels of a scaled image are made; by convention `bilinear` for networks of large images. */
  readonly interpolation?: Interpolation | undefined;
}

/** Every way to scale an image, the plainest first. */
export const interpolations = ['nearest', 'bilinear', 'bicubic', 'lanczos'] as const;
type Interpolation = (typeof interpolations)[number];

/**
 * @param usual the image that the network is meant for, with the channels that its weights show
 * @param said the file's own metadata `preprocessing`, as JSON
 * @throws ConfigError where what is given does not fit; CheckpointError where the metadata makes no sense
 */
export function importPreprocessing(
  path: string,
  usual: ImageSize,
  options: PreprocessingOptions,
  said: string | undefined,
): { preprocessing: Preprocessing; notes: string[] } {
  const own = said === undefined ? undefined : parsePreprocessing(path, said);
  const inFile = own?.channels === usual.channels ? own : undefined;
  const { channels } = usual;
  const { mean, std, imageSize, resize, interpolation: wanted } = options;
  expectGiven(channels, options);
  const height = imageSize ?? inFile?.height ?? usual.height;
  const width = imageSize ?? inFile?.width ?? usual.width;
  const isLarge = usual.height > 64;
  const guess = channels === 3 ? imageNetNormalisation : even(channels);
  const notes: string[] = [];
  if (mean === undefined && !inFile) notes.push(normalisationNote(channels, isLarge));

  const side = Math.max(height, width);
  // torchvision's and timm's evaluation: 224 of 256
  const guessed = isLarge ? { shorterSide: Math.round((side * 256) / 224) } : undefined;
  const scaled =
    resize === undefined ? (inFile && imageSize === undefined ? inFile.resize : guessed) : { shorterSide: resize };
  if (scaled && scaled.shorterSide < side)
    throw new ConfigError(
      `import: \`resize\` must be at least the image size, ${side}, but is ${scaled.shorterSide}`,
      'the image is cut from what --resize makes of it',
    );
  if (scaled && scaled === guessed)
    notes.push(
      `taken by convention: the shorter side scaled to ${scaled.shorterSide} pixels, and ${height}×${width} cut from the centre (--resize, --image-size)`,
    );
  const usualScaling = isLarge && !inFile ? ('bilinear' as const) : undefined;
  const interpolation = wanted ?? (inFile ? inFile.interpolation : usualScaling);
  if (wanted === undefined && usualScaling)
    notes.push(
      'taken by convention: images scaled with bilinear interpolation, as torchvision evaluates; timm often takes bicubic (--interpolation)',
    );
  return {
    preprocessing: {
      ...(inFile && imageSize === undefined && resize === undefined && inFile),
      channels,
      height,
      width,
      mean: mean ?? inFile?.mean ?? guess.mean,
      std: std ?? inFile?.std ?? guess.std,
      ...(scaled && { resize: { ...inFile?.resize, ...scaled } }),
      ...(interpolation && { interpolation }),
      ...(channels === 1 && { grey: inFile?.grey ?? 'luma' }),
    },
    notes,
  };
}

const even = (channels: number): Normalisation => {
  const half = new Array<number>(channels).fill(0.5);
  return { mean: half, std: half };
};

function normalisationNote(channels: number, isLarge: boolean): string {
  if (channels !== 3) return 'mean and std cannot be seen in weights: taken as 0.5 and 0.5 (--mean, --std)';
  if (isLarge) return "mean and std cannot be seen in weights: taken as ImageNet's (--mean, --std)";
  const { mean, std } = cifar10Normalisation;
  return (
    "mean and std cannot be seen in weights: taken as ImageNet's, as most published weights for CIFAR; " +
    `CIFAR-10's own are --mean ${mean.join(',')} --std ${std.join(',')}`
  );
}

function expectGiven(channels: number, { mean, std, imageSize, resize, interpolation }: PreprocessingOptions): void {
  if (interpolation !== undefined && !interpolations.includes(interpolation))
    throw new ConfigError(
      `import: \`interpolation\` must be one of ${interpolations.join(', ')}, but is ${String(interpolation)}`,
    );
  if ((mean === undefined) !== (std === undefined))
    throw new ConfigError(
      `import: \`${mean === undefined ? 'std' : 'mean'}\` was given without \`${mean === undefined ? 'mean' : 'std'}\``,
      'give --mean and --std together',
    );
  for (const [name, numbers] of Object.entries({ mean, std })) {
    if (numbers === undefined) continue;
    if (numbers.length !== channels)
      throw new ConfigError(
        `import: \`${name}\` has ${numbers.length} numbers, but the network's images have ${channels} channels`,
        'give one for each channel',
      );
    if (numbers.some((n) => !Number.isFinite(n) || (name === 'std' && n <= 0) || Math.abs(n) > 2))
      throw new ConfigError(
        `import: \`${name}\` is ${numbers.join(', ')}; expected ${name === 'std' ? 'numbers above 0' : 'numbers'} of pixels scaled to 0…1`,
        'divide numbers of 0…255 by 255',
      );
  }
  for (const [name, n] of Object.entries({ imageSize, resize }))
    if (n !== undefined && !(Number.isSafeInteger(n) && n >= 1))
      throw new ConfigError(`import: \`${name}\` must be a whole number of at least 1, but is ${n}`);
}
