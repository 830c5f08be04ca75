import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join, type Member, message, openVerification, renameTo, write } from './support/acts.js';
import { PASSWORD } from '../support/people.js';
import { chromiumPath, type Device, settled } from './support/chromium.js';
import { type Site, startSite } from './support/site.js';

const MARKUP = '<img src=x onerror="document.title=1"><b>bold</b> &amp; <script>alert(1)</script>';
const NAME = '<b>Ada</b><img src=x onerror=alert(1)>';
const TITLE = '<i>Crew</i>"><svg onload=alert(1)>';

/** Elements that came out of somebody's words: the app itself draws none of these. */
async function drawn(page: Page): Promise<number> {
  return page.locator('#app :is(img, b, i, script, svg[onload], iframe)').count();
}

describe.skipIf(chromiumPath === null)("somebody's words", () => {
  let site: Site;
  let ada: Device;
  let grace: Device;
  let adaIs: Member;
  let graceIs: Member;
  beforeAll(async () => {
    site = await startSite();
    [ada, grace] = [await site.device(), await site.device()];
    adaIs = await join(ada.page, 'ada');
    graceIs = await join(grace.page, 'grace');
    await renameTo(ada.page, NAME);
  });
  afterAll(() => site.close());

  it('stay text in the settings, where they are typed', async () => {
    expect(await ada.page.getByLabel('Name that others see').inputValue()).toBe(NAME);
    await ada.page.reload();
    await expect.poll(() => ada.page.getByLabel('Name that others see').inputValue()).toBe(NAME);
    expect(await drawn(ada.page)).toBe(0);
  });

  it('stay text in the directory, the chat, its list, and where keys are compared', async () => {
    const { page } = grace;
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await page.getByLabel('Search people').fill(adaIs.username);
    await page.locator('.person').filter({ hasText: NAME }).waitFor();
    expect(await drawn(page)).toBe(0);
    await page.locator('.person').filter({ hasText: NAME }).click();
    await page.getByRole('heading', { name: NAME }).waitFor();
    await ada.page.goto('/home');
    await ada.page.getByRole('link', { name: new RegExp(graceIs.username) }).click();
    await write(ada.page, MARKUP);
    await message(page, '<img src=x onerror').waitFor();
    expect(await message(page, '<img src=x onerror').innerText()).toBe(MARKUP);
    expect(await page.locator('.chat-entry-preview').first().innerText()).toContain(
      '<script>alert(1)</script>',
    );
    expect(await page.locator('.chat-entry-title').first().innerText()).toBe(NAME);
    expect(await drawn(page)).toBe(0);
    await openVerification(page);
    await page.getByRole('heading', { name: `Verify ${NAME}` }).waitFor();
    expect(await drawn(page)).toBe(0);
  });

  it('stay text in the name of a group and in the list of its members', async () => {
    const { page } = grace;
    await page.goto('/home');
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await page.getByRole('button', { name: 'Make a group' }).click();
    await page.getByLabel('Name of the group').fill(TITLE);
    await page.getByLabel('Search people').fill(adaIs.username);
    await page.locator('.person').filter({ hasText: NAME }).click();
    await page.getByRole('button', { name: 'Make the group (1)' }).click();
    await page.getByRole('heading', { name: TITLE }).waitFor();
    await page.getByRole('button', { name: 'Members' }).click();
    await page.locator('.member').filter({ hasText: NAME }).waitFor();
    expect(await drawn(page)).toBe(0);
    for (const { complaints } of [ada, grace]) expect(complaints).toEqual([]);
  });

  it('are French for who prefers French, on every page on the way', async () => {
    const { page, complaints } = await site.device({ locale: 'fr-FR' });
    await page.goto('/sign-in');
    await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await page.goto('/about');
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/\bthe\b/i);
    await page.goto('/sign-in');
    await page.getByLabel('Adresse e-mail').fill(graceIs.email);
    await page.getByLabel('Mot de passe', { exact: true }).fill('lantern gravel otter mosaic, wrong');
    await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/\b(?:the|wrong)\b/i);
    await page.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
    await page.getByRole('heading', { name: 'Ouvrez vos messages sur cet appareil' }).waitFor();
    await page.getByLabel('Code de restauration').fill(graceIs.recoveryCode);
    await page.getByRole('button', { name: 'Restaurer' }).click();
    await page.locator('.chat-entry').filter({ hasText: NAME }).click();
    await page.getByLabel('Écrire un message').waitFor();
    await page.locator('.day').first().getByText('Aujourd’hui').waitFor();
    for (const section of ['profile', 'security', 'devices', 'log', 'keys', 'history', 'data']) {
      await page.goto(`/settings/${section}`);
      await page.getByRole('heading', { name: 'Réglages' }).waitFor();
      await settled(page);
      expect(await page.locator('main').innerText(), section).not.toMatch(/\b(?:the|your|this|with)\b/i);
    }
    expect(complaints).toEqual([]);
  });

  it('change their language at once, and keep it', async () => {
    const { page } = await site.device({ locale: 'fr-FR' });
    await page.goto('/sign-in');
    await page.getByLabel('Langue').selectOption('en');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});
