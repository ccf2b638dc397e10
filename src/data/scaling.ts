/** How image files come to the size of a network. */

/** How new pixels are made of old ones. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';

/** How an image is brought to its size. */
export interface Scaling {
  /** Scale the shorter side to this many pixels before height × width is cut from the centre; without it, scale to just cover them. */
  readonly resize?: { readonly shorterSide: number };
  /** How new pixels are made of old ones. Default: Lanczos, and what makes large JPEGs quick to decode. */
  readonly interpolation?: Interpolation;
  /**
   * How a colour becomes grey: `luma` is 0.299 R + 0.587 G + 0.114 B of the levels, as PIL and OpenCV have it; `light` is linear light, as Skein
   * had it at first. Default `luma`.
   */
  readonly grey?: 'luma' | 'light';
}

/** What `decodeImage` makes of a file. */
export interface ImageSize extends Scaling {
  /** 3: sRGB. 1: greyscale. */
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}
