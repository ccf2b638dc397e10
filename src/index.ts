/** Everything that a user of Skein writes with. Lower levels have doors of their own: `skein/ir`, `skein/engines`, … */
export * from './augmentations/index.ts';
export * from './averages/index.ts';
export { saveCheckpoint } from './checkpoint/index.ts';
export {
  type Augmentation,
  type DataSurvey,
  type Dataset,
  type Image,
  type ImageFolderOptions,
  imageFolder,
  imageTable,
  loadData,
  memoryDataset,
  type Normalisation,
  type Sample,
  type Splits,
  sampleSheet,
  splitTrainValidation,
  subset,
  surveyData,
} from './data/index.ts';
export {
  add,
  averagePool2d,
  concat,
  flatten,
  Graph,
  maxPool2d,
  mean,
  multiply,
  pad,
  relu,
  reshape,
  scope,
  sigmoid,
  slice,
  subtract,
  sum,
  type Value,
} from './ir/index.ts';
export { densenet, describeModels, findModel, plain, resnet, vgg } from './models/index.ts';
export {
  adaptiveAveragePool,
  averagePool,
  batchNorm,
  conv,
  defineNetwork,
  dropout,
  globalAveragePool,
  linear,
  maxPool,
  type Network,
  type Objective,
  type Optimiser,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from './nn/index.ts';
export * from './objectives/index.ts';
export * from './optimisers/index.ts';
export { augmentationFrom, augmentedSheet, batches } from './pipeline/index.ts';
export * from './schedules/index.ts';
export { Random, SkeinError } from './tensor/index.ts';
export {
  type BadImageEvent,
  type Callback,
  type EpochEvent,
  type EpochRecord,
  findRate,
  inspectCheckpoint,
  inspectNetwork,
  type LengthEvent,
  type Measurement,
  type MemorySink,
  memorySink,
  type NetworkDescription,
  type RateSearch,
  type RateStep,
  type Run,
  type RunSink,
  type StartEvent,
  type StepEvent,
  type TrainOptions,
  train,
} from './train/index.ts';
export {
  type Answer,
  Classifier,
  type Embedded,
  type Embedding,
  type EmbedOptions,
  type EvaluateOptions,
  type Evaluation,
  type ImportedWeights,
  type ImportOptions,
  importWeights,
  loadClassifier,
  type Prediction,
  type Score,
  type SkippedImage,
  version,
} from './trained/index.ts';
