import type { HeatMap } from './heat-map.ts';
import type { ReadImage } from './images.ts';
import type { Method } from './methods/method.ts';

/** A map that was made, and all that is needed to make it again. */
export interface MadeMap {
  readonly method: Method;
  /** Of the method, numbered where it is asked more than once. */
  readonly title: string;
  readonly image: ReadImage;
  readonly label: number;
  readonly heat: HeatMap;
}
