/** The colours of heat: from violet over red and orange to pale yellow, lightness rising evenly. */

export type Colour = readonly [red: number, green: number, blue: number];

/** Lightness, chroma and hue (degrees) where heat begins and where it ends, in OKLCh. */
const from = { lightness: 0.3, chroma: 0.13, hue: 290 };
const to = { lightness: 0.95, chroma: 0.11, hue: 465 };
/** Chroma is largest between the two. */
const bulge = 0.07;

/** The colour of heat from 0 to 1, red, green and blue from 0 to 255. */
export function heatColour(heat: number): Colour {
  const at = Math.min(1, Math.max(0, heat));
  const mix = (a: number, b: number) => a + at * (b - a);
  const lightness = mix(from.lightness, to.lightness);
  const chroma = mix(from.chroma, to.chroma) + bulge * Math.sin(Math.PI * at);
  const hue = (mix(from.hue, to.hue) * Math.PI) / 180;
  return inSrgb(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
}

/** From OKLab (Ottosson 2020, bottosson.github.io/posts/oklab), whose lightness is even to the eye; what sRGB lacks is cut off. */
function inSrgb(lightness: number, a: number, b: number): Colour {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    encoded(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    encoded(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ];
}

/** sRGB's transfer function (IEC 61966-2-1), from light 0…1 to a level. */
function encoded(light: number): number {
  const bounded = Math.min(1, Math.max(0, light));
  const level = bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * bounded ** (1 / 2.4) - 0.055;
  return Math.round(255 * level);
}
