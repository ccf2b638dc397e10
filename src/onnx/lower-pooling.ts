/** ONNX for pooling and its gradients. */
import type { PoolAttributes } from '../ir/index.ts';
import { sizeOf, tensor } from '../tensor/index.ts';
import { imageShape, inputShape, type OnnxLowerings } from './lowering.ts';

const window = ({ kernel, stride, padding }: PoolAttributes) => ({
  kernel_shape: kernel,
  strides: stride,
  pads: [...padding, ...padding],
});

export const poolingLowerings = {
  maxPool2d: ({ onnx, node, inputs, outputs }) => onnx.nodeTo(outputs, 'MaxPool', inputs, window(node.attributes)),

  // MaxPool also tells where each maximum stood, as offsets into the whole of x: add each gradient there
  maxPool2dGradient: ({ onnx, node, inputs: [x, dy], outputs: [dx] }) => {
    const shape = inputShape(node, 0);
    const indices = onnx.fresh('indices');
    onnx.nodeTo([onnx.fresh('unused'), indices], 'MaxPool', [x as string], window(node.attributes));
    const flat = onnx.integers([-1]);
    const size = onnx.integers([sizeOf(shape)]);
    const zeros = onnx.node('Expand', [onnx.floats([0]), size]);
    const scattered = onnx.node(
      'ScatterElements',
      [zeros, onnx.node('Reshape', [indices, flat]), onnx.node('Reshape', [dy as string, flat])],
      { axis: 0, reduction: 'add' },
    );
    onnx.node('Reshape', [scattered, onnx.integers(shape)], {}, { output: dx as string });
  },

  averagePool2d: ({ onnx, node, inputs, outputs }) =>
    onnx.nodeTo(outputs, 'AveragePool', inputs, { ...window(node.attributes), count_include_pad: 1 }),

  averagePool2dGradient: ({ onnx, node, inputs: [dy], outputs: [dx] }) => {
    const { kernel, stride, padding, size } = node.attributes as PoolAttributes & { size: readonly [number, number] };
    const [, channels, height, width] = imageShape(node, 0);
    const share = 1 / (kernel[0] * kernel[1]);
    const apart = kernel.every((extent, i) => extent === stride[i] && padding[i] === 0);
    if (!apart) {
      const taps = new Float32Array(channels * kernel[0] * kernel[1]).fill(share);
      const weight = onnx.constant(tensor('float32', [channels, 1, ...kernel], taps));
      const missing = [0, 1].map((i) => {
        const extent = inputShape(node, 0)[i + 2] as number;
        return (
          (size[i] as number) -
          ((extent - 1) * (stride[i] as number) + (kernel[i] as number) - 2 * (padding[i] as number))
        );
      });
      onnx.node(
        'ConvTranspose',
        [dy as string, weight],
        { group: channels, strides: stride, pads: [...padding, ...padding], output_padding: missing },
        { output: dx as string },
      );
      return;
    }
    // windows that do not overlap: repeat each element over its window
    const scaled = onnx.node('Mul', [dy as string, onnx.floats(share)]);
    const rest = [size[0] - height * kernel[0], size[1] - width * kernel[1]] as const;
    const covered = rest[0] + rest[1] === 0 ? (dx as string) : onnx.fresh('covered');
    const nearest = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    onnx.node('Resize', [scaled, '', onnx.floats([1, 1, ...kernel])], nearest, { output: covered });
    if (covered !== dx)
      onnx.node('Pad', [covered, onnx.integers([0, 0, 0, 0, 0, 0, ...rest])], {}, { output: dx as string });
  },
} satisfies Partial<OnnxLowerings>;
