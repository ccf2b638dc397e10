/** Messages of the library name its options; at the command line each has a flag. */
const flags: ReadonlyMap<string, string> = new Map(
  Object.entries({
    epochs: '--epochs',
    batchSize: '--batch-size',
    lr: '--lr',
    schedule: '--schedule',
    warmup: '--warmup-epochs',
    momentum: '--momentum',
    nesterov: '--nesterov',
    weightDecay: '--weight-decay',
    labelSmoothing: '--label-smoothing',
    augment: '--augment',
    imageSize: '--image-size',
    size: '--image-size',
    validationFraction: '--val-fraction',
    fraction: '--val-fraction',
    seed: '--seed',
    threads: '--threads',
    engine: '--engine',
    precision: '--precision',
    mean: '--mean',
    std: '--std',
    resize: '--resize',
  }),
);

/** The text with the flag after each option: `batchSize` (--batch-size). */
export const withFlagNames = (text: string): string =>
  text.replace(/`(\w+)`(?! \(--)/g, (quoted, name: string) => {
    const flag = flags.get(name);
    return flag === undefined ? quoted : `${quoted} (${flag})`;
  });
