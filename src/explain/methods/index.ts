/** A method is one file and one line here. */
export { gradCam } from './grad-cam.ts';
export { gradCamPlusPlus } from './grad-cam-plus-plus.ts';
export { hiResCam } from './hi-res-cam.ts';
export { integratedGradients } from './integrated-gradients.ts';
export { occlusion } from './occlusion.ts';
