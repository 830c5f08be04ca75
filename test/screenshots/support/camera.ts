import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = resolve(import.meta.dirname, '../../../docs/screenshots');

/** Every picture is taken with each of these. */
const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { colorScheme, device: 'desktop', width: 1280, height: 800 },
  { colorScheme, device: 'phone', width: 360, height: 740 },
]);

/** Writes the page as it is now to `docs/screenshots/<name>-<device>-<scheme>.png`, in every look. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.mouse.move(0, 0);
  for (const { colorScheme, device, width, height } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const path = join(FOLDER, `${name}-${device}-${colorScheme}.png`);
    await page.screenshot({ path, caret: 'hide', animations: 'disabled' });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}
