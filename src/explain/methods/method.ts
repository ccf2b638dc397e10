/** A way to find out what in an image speaks for a class. */
import { definePart, type Named, type Options, type Part, type PartRecord } from '../../parts/index.ts';
import type { HeatMap } from '../heat-map.ts';
import type { Questions } from '../questions.ts';

/** What a method asks of the network besides its logits: gradients at a layer, or at the image. */
export type Asks = 'atLayer' | 'imageGradients' | 'logits';

export interface Method extends Named {
  /** As people write it: `Grad-CAM`. */
  readonly title: string;
  readonly asks: Asks;
  /**
   * @param image normalised, [C, H, W]
   * @param label the class that is explained
   */
  explain(network: Questions, image: Float32Array, label: number): Promise<HeatMap>;
}

/** A method from its record. */
export const defineMethod = <Own extends Options>(record: PartRecord<Method, Own>): Part<Method, Own> =>
  definePart(record);
