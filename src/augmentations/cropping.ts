/** Augmentations that cut a box out of an image: of a sample in memory here; of a file, the pipeline cuts it from the file's own picture. */
import { type Augmentation, type Crop, resample } from '../data/index.ts';
import { choice } from '../parts/index.ts';

/** What an augmentation does that is a crop. */
export const cropping = (crop: Crop): Pick<Augmentation, 'apply' | 'crop'> => ({
  crop,
  apply: (sample, random) => {
    const { image } = sample;
    const box = crop.box(image, image, random);
    return { ...sample, image: resample(image, box, image, crop.interpolation) };
  },
});

export const interpolationOption = choice(['nearest', 'bilinear', 'bicubic', 'lanczos'], {
  about: 'how new pixels are made of old ones',
  default: 'bilinear',
});
