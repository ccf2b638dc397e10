/** The parameters that PyTorch makes room for when it makes the article's networks, whether they can run or not. */

/** nn.Conv2d with its bias, and nn.BatchNorm2d. */
const convNorm = (from: number, to: number, kernel: number) => kernel ** 2 * from * to + to + 2 * to;
const linear = (from: number, to: number) => from * to + to;
const stem = convNorm(3, 64, 7);

/** `ResNet(num_layers)`, for images of three channels and ten classes. */
export const articleResnetParams = (numLayers: number): number =>
  stem + numLayers * 2 * convNorm(64, 64, 3) + linear(64, 10);

/** `DenseNet(num_layers, growth_rate, num_blocks)`, where num_blocks is a list of five. */
export function articleDensenetParams(numLayers: number, growth: number, numBlocks: readonly number[]): number {
  const width = numLayers * growth;
  const layers = numBlocks.map((count, i) => {
    const from = i === 0 ? 64 : width;
    const to = from + growth;
    return count * (convNorm(from, to, 3) + convNorm(to, to, 3));
  });
  return stem + layers.reduce((sum, own) => sum + own, 0) + linear(width, 10);
}
