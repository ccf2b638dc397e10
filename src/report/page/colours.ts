/** The colours of all pages, for light and dark: quiet paper and ink, blue for what is right and for training, orange for what is wrong and for validation. */

const light = `
  --page: #fcfcfb; --panel: #f3f4f2; --ink: #1c2024; --muted: #5b646d; --rule: #dcdfdd;
  --train: #0f6cbd; --validation: #c2500a; --third: #1a7f5a; --fourth: #7a4fbf; --bar: #f6d3b8; --good: #cfe2f5; --empty: #f3f4f2;
  --right-0: #e4eef8; --right-1: #c3daf0; --right-2: #93bce3; --right-3: #3f82c2; --right-4: #145a9c; --on-right: #fff;
  --wrong-0: #fdf0e4; --wrong-1: #fbdcc0; --wrong-2: #f5b988; --wrong-3: #d0661a; --wrong-4: #a3430a; --on-wrong: #fff;
`;

const dark = `
  --page: #14171a; --panel: #1d2125; --ink: #e8eaec; --muted: #a0a9b2; --rule: #343a40;
  --train: #6cb2f7; --validation: #ff9f58; --third: #5cc99a; --fourth: #bda0f5; --bar: #5a351a; --good: #1d4166; --empty: #1d2125;
  --right-0: #1a2c3f; --right-1: #1f3e5e; --right-2: #275a8c; --right-3: #6fb1ee; --right-4: #9ccbf7; --on-right: #0e1215;
  --wrong-0: #33241a; --wrong-1: #53341d; --wrong-2: #7d4a20; --wrong-3: #f0954d; --wrong-4: #ffbb85; --on-wrong: #0e1215;
`;

/** Rules that hold everywhere. */
export const lightColours = `:root { color-scheme: light; ${light}}\n`;

/** Rules that come after those, in the dark. */
export const darkColours = `:root { color-scheme: dark; ${dark}}\n`;
