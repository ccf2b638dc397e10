export type { BadImage, Batch } from './batch.ts';
export type { BatchSource } from './batch-builder.ts';
export { type BatchesOptions, batches } from './batches.ts';
export { type ImageBatch, type ImageBatchesOptions, imageBatches } from './image-batches.ts';
export { augmentationFrom } from './module-augmentation.ts';
export { expectUsableFolder, type FolderUse } from './picture-folder.ts';
export { Pipeline, type PipelineOptions } from './pipeline.ts';
export { augmentations } from './sent-augmentation.ts';
export { usualCacheBytes, usualWorkers } from './usual-means.ts';
