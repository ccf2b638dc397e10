/** A corruption is one file and one line here. */

export { brightness } from './brightness.ts';
export { contrast } from './contrast.ts';
export { defocusBlur } from './defocus-blur.ts';
export { elasticTransform } from './elastic-transform.ts';
export { fog } from './fog.ts';
export { frost } from './frost.ts';
export { gaussianBlur } from './gaussian-blur.ts';
export { gaussianNoise } from './gaussian-noise.ts';
export { glassBlur } from './glass-blur.ts';
export { impulseNoise } from './impulse-noise.ts';
export { jpegCompression } from './jpeg-compression.ts';
export { motionBlur } from './motion-blur.ts';
export { pixelate } from './pixelate.ts';
export { saturate } from './saturate.ts';
export { shotNoise } from './shot-noise.ts';
export { snow } from './snow.ts';
export { spatter } from './spatter.ts';
export { speckleNoise } from './speckle-noise.ts';
export { zoomBlur } from './zoom-blur.ts';
