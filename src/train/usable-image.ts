/** Whether an image is large enough for a network: every step to a smaller map must have something to take it from. */
import { liveNodes, type Program } from '../ir/index.ts';
import type { ImageSize } from '../nn/index.ts';
import { ConfigError } from '../tensor/index.ts';

/** The first layer that is to make a map smaller which is a single pixel high or wide already. */
function wastedLayer(prediction: Program): string | undefined {
  for (const node of liveNodes(prediction)) {
    const types = node.inputs.map(({ type }) => type);
    const window = node.op.window?.(types, node.attributes, 0);
    const [, , height = 2, width = 2] = types[0]?.shape ?? [];
    if (!window || types[0]?.shape.length !== 4) continue;
    if ((window.stride[0] > 1 && height === 1) || (window.stride[1] > 1 && width === 1))
      return node.scope || node.op.name;
  }
  return undefined;
}

/**
 * @param predictionOf the network's prediction for images of this side; may throw where it cannot be built so
 * @throws ConfigError naming the layer that has nothing left, and the least side that it can use
 */
export function expectUsable(
  name: string,
  image: ImageSize,
  prediction: Program,
  predictionOf: (side: number) => Program,
): void {
  const layer = wastedLayer(prediction);
  if (layer === undefined) return;
  const fits = (side: number) => {
    try {
      return wastedLayer(predictionOf(side)) === undefined;
    } catch {
      return false;
    }
  };
  const least = Array.from({ length: 64 }, (_, i) => i + 1).find(
    (side) => side > Math.min(image.height, image.width) && fits(side),
  );
  throw new ConfigError(
    `train: images of ${image.height}×${image.width} are too small for ${name}: \`${layer}\` halves a map of one pixel`,
    least === undefined
      ? 'use larger images'
      : `use images of ${least}×${least} or more (imageSize, --image-size), or another network`,
  );
}
