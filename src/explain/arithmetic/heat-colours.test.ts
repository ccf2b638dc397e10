import { expect, it } from 'vitest';
import { heatColour } from './heat-colours.ts';

/** CIE lightness of a colour, 0 to 100. */
function lightness(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((level) => {
    const share = level / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return light > 216 / 24389 ? 116 * Math.cbrt(light) - 16 : (24389 / 27) * light;
}

it('rises evenly in lightness, so that equal steps of heat look equal', () => {
  const tenths = Array.from({ length: 11 }, (_, i) => lightness(heatColour(i / 10)));
  const steps = tenths.slice(1).map((value, i) => value - (tenths[i] as number));
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  expect(mean).toBeGreaterThan(6);
  for (const step of steps) expect(Math.abs(step - mean)).toBeLessThan(0.35 * mean);
});
