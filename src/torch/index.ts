export { readTorchFile, type TorchFile } from './torch-file.ts';
