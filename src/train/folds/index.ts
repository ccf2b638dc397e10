export { type CrossValidationOptions, crossValidate } from './cross-validate.ts';
export type { CrossValidation, FoldResult, FoldScore } from './fold-result.ts';
export type { FoldsAccuracy } from './folds-accuracy.ts';
export { configOfFolds, foldsIn } from './folds-folder.ts';
