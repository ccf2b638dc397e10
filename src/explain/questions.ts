/** What methods may ask of a network. Images are normalised, [images, C, H, W], one behind the other. */
export interface Questions {
  readonly image: { readonly channels: number; readonly height: number; readonly width: number };
  readonly classes: number;
  /** A black pixel as the network sees it, for each channel; a pixel of the data's mean is zeros. */
  readonly black: readonly number[];
  /** [images, classes] */
  logits(images: Float32Array): Promise<Float32Array>;
  /** A row of all classes for each image; of a calibrated checkpoint softmax(logits / temperature), as `Classifier` gives them. */
  probabilities(images: Float32Array): Promise<Float64Array[]>;
  /** The last map that the layer makes of one image, and the gradient of the class's logit by it. */
  atLayer(image: Float32Array, label: number): Promise<LayerAnswer>;
  /** The gradients of the class's logit by each image, [images, C, H, W]. */
  imageGradients(images: Float32Array, label: number): Promise<Float32Array>;
}

/** Both [channels, height, width]. */
export interface LayerAnswer {
  readonly activations: Float32Array;
  readonly gradients: Float32Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}
