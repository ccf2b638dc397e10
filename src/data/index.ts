export {
  type Augmentation,
  augmented,
  type Crop,
  cropAt,
  type Draws,
  defineAugmentation,
  describeImage,
  isSized,
  type MixedBatch,
  streamOf,
  whatResizes,
} from './augmentation.ts';
export { balancedOrder } from './balanced-order.ts';
export { readBytes } from './binary-file.ts';
export { readCifarFolder } from './cifar.ts';
export { readClassList } from './class-list.ts';
export { isNumbered, numberedClasses } from './class-names.ts';
export { type ClassShare, classSharesOf, sharesText } from './class-shares.ts';
export { type ComparedData, compareSplit, type DataChanges, type KeptData } from './compare-split.ts';
export {
  type ContactSheetOptions,
  contactSheet,
  type SampleSheet,
  type SheetPicture,
  type SheetRow,
} from './contact-sheet.ts';
export { countClasses } from './count-classes.ts';
export type { DataProblem } from './data-problem.ts';
export { type DataSource, isDataSource, sourcesOf, sourceText, surveyCommand } from './data-source.ts';
export type { Dataset, Image, ImageFiles, Normalisation, Sample, Splits } from './dataset.ts';
export { decodeImage } from './decode-image.ts';
export { decoders, decoderVersions } from './decoders.ts';
export { encodeJpeg } from './encode-jpeg.ts';
export { encodePng, type PngOptions } from './encode-png.ts';
export { evenly } from './evenly.ts';
export { type FileKind, fileKind, imageFormats, isReadableImage, tellingBytes } from './file-kind.ts';
export { readsItsFiles } from './file-readers.ts';
export { firstReadable } from './first-readable.ts';
export { type Layout, layouts, type PartName } from './folder-layout.ts';
export { imageName } from './folder-tree.ts';
export { expectTrainable, type FoundData, type HoldOut, splitsOf, usualHoldOut } from './found-data.ts';
export { type IdxOptions, readIdxFile, readIdxFolder } from './idx.ts';
export { type FolderReading, type ImageFolderOptions, imageFolder } from './image-folder.ts';
export { type ImageLibrary, imageLibrary } from './image-library.ts';
export { type ImageTableOptions, imageTable } from './image-table.ts';
export { joined } from './joined.ts';
export {
  type KeptSample,
  keptSplit,
  mostKept,
  parseSplit,
  type SplitName,
  splitNames,
  splitText,
} from './kept-split.ts';
export { labelsOf } from './labels-of.ts';
export { type DataReading, findData, type LoadDataOptions, loadData } from './load-data.ts';
export { type ClassLists, type ClassMatch, matchClasses, namesInShort, placesByName } from './match-classes.ts';
export { type MemoryDatasetOptions, memoryDataset } from './memory-dataset.ts';
export { datasetNames } from './named-datasets.ts';
export {
  cifar10Normalisation,
  cifar100Normalisation,
  fashionMnistNormalisation,
  imageNetNormalisation,
  measureNormalisation,
  normalisationTables,
  normalise,
} from './normalisation.ts';
export { pictureSides } from './picture-sides.ts';
export { pixelMemory } from './pixel-memory.ts';
export { relabelled } from './relabelled.ts';
export { type Box, type Extent, type Pixels, resample } from './resample.ts';
export { idOf } from './sample-ids.ts';
export { type ChosenSample, chosenSamples, type SampleSheetOptions, sampleSheet } from './sample-sheet.ts';
export type { ImageSize, Interpolation, Scaling } from './scaling.ts';
export { loadSharp, type Sharp } from './sharp.ts';
export { shuffledOrder } from './shuffled-order.ts';
export { someImages } from './some-images.ts';
export { givePixelsBack } from './spare-pixels.ts';
export { type Fold, splitFold } from './split-fold.ts';
export { splitByPlace, splitTrainValidation, type ValidationSplit } from './split-train-validation.ts';
export { decodeStored, divisorFor, leastSide, type StoredSize } from './stored-image.ts';
export { subset } from './subset.ts';

export type { DataSurvey, Extent2d, ImageFacts, SplitSurvey } from './survey.ts';
export { type SurveyOptions, surveyData } from './survey-data.ts';
export { type TableReading, tableReading } from './table-columns.ts';
export { isTableName } from './table-rows.ts';
export { tapsOf } from './taps.ts';
export { unlabelledImages } from './unlabelled-images.ts';
