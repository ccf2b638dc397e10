/** How images were prepared, from what timm keeps beside a file of weights: `pretrained_cfg` in config.json. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Preprocessing, parsePreprocessing } from '../../checkpoint/index.ts';
import { SkeinError } from '../../tensor/index.ts';

const side = z.int().positive();
const fields = z.object({
  input_size: z.tuple([side, side, side]),
  mean: z.array(z.number()),
  std: z.array(z.number()),
  /** Of the scaled image, the share that is cut out. */
  crop_pct: z.number().positive().max(1),
  crop_mode: z.string().nullish(),
  interpolation: z.string(),
});
/** Files before 2023 have the fields themselves where later ones have `pretrained_cfg`. */
const configSchema = z.union([
  z.object({ pretrained_cfg: fields }).transform(({ pretrained_cfg }) => pretrained_cfg),
  fields,
]);

/** Those with a thousand classes' names have about 100 kB. */
const mostBytes = 4e6;

/**
 * What `config.json` beside the file says, or a file of the same name that ends in `.json`; undefined where there is none, or it is no
 * config of timm's: other programs mean something else by the name.
 */
export async function preprocessingBeside(path: string): Promise<Preprocessing | undefined> {
  for (const config of [path.replace(/\.[^./\\]+$/, '.json'), join(dirname(path), 'config.json')]) {
    const found = config === path ? undefined : await preprocessingIn(config);
    if (found) return found;
  }
  return undefined;
}

async function preprocessingIn(config: string): Promise<Preprocessing | undefined> {
  const found = await stat(config).catch(() => undefined);
  if (!found?.isFile() || found.size > mostBytes) return undefined;
  try {
    const { data } = configSchema.safeParse(JSON.parse(await readFile(config, 'utf8')));
    return data && parsePreprocessing(config, JSON.stringify(preprocessingOf(data)));
  } catch (error) {
    if (error instanceof SkeinError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function preprocessingOf(config: z.infer<typeof fields>): Preprocessing {
  const [channels, height, width] = config.input_size;
  const { mean, std, crop_pct: crop, crop_mode: mode, interpolation } = config;
  return {
    ...{ channels, height, width, mean, std },
    // `squash` scales to the size, whatever the shape was
    ...(mode !== 'squash' && { resize: { shorterSide: shorterSide(Math.max(height, width), crop) } }),
    // `random` is one of bilinear and bicubic, for training alone
    interpolation: known.find((each) => each === interpolation) ?? 'bicubic',
  };
}

const known = ['nearest', 'bilinear', 'bicubic', 'lanczos'] as const;

/** Rounded as timm does (timm/data/transforms_factory.py). */
export const shorterSide = (size: number, crop: number): number => Math.floor(size / crop);
