/** The browser in which tests open pages: Chromium where the machine has one, started so that it asks nothing of a network. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** What a test that was skipped for want of a browser says. */
export const needsChromium = 'needs Chromium: apt-get install chromium';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of a Chromium: the environment's CHROMIUM_PATH, or one of the usual places; undefined where there is none. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...places].find((path) => path !== undefined && existsSync(path));
}

/** Starts it without a window; the caller closes it. @throws where there is none */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(needsChromium);
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
