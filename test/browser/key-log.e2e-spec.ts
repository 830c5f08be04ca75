import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join, type Member, openChatWith, openVerification } from './support/acts.js';
import { chromiumPath, type Device } from './support/chromium.js';
import { resetKeys } from './support/intruder.js';
import { type Site, startSite } from './support/site.js';

describe.skipIf(chromiumPath === null)('the key log in the app', () => {
  let site: Site;
  let ada: Device;
  let adaIs: Member;
  let graceIs: Member;
  beforeAll(async () => {
    site = await startSite();
    ada = await site.device();
    adaIs = await join(ada.page, 'ada');
    const grace = await site.device();
    graceIs = await join(grace.page, 'grace');
    await grace.close();
  });
  afterAll(() => site.close());

  it('marks what the log has proven and what people have compared as two different things', async () => {
    const { page } = ada;
    await openChatWith(page, graceIs.username);
    await page.getByRole('link', { name: 'Checked by the key log' }).waitFor();
    await openVerification(page);
    await page.locator('.marks .set').filter({ hasText: 'Verified by the key log' }).waitFor();
    await page.locator('.marks .open').filter({ hasText: 'Not compared in person yet' }).waitFor();
    expect(await page.locator('.marks').innerText()).toMatch(/entry 2 of 2 in the log/);
    await page.getByRole('button', { name: 'They are the same' }).click();
    await page.locator('.marks .set').filter({ hasText: 'Compared in person' }).waitFor();
    expect(await page.locator('.marks .set').count()).toBe(2);
    await page.getByRole('button', { name: 'Take the mark off' }).click();
    await page.locator('.marks .open').filter({ hasText: 'Not compared in person yet' }).waitFor();
  });

  it('shows every version of the own keys that everybody sees', async () => {
    const { page } = ada;
    await page.goto('/settings/history');
    const versions = page.locator('.key-list .entry');
    await versions.first().waitFor();
    expect(await versions.count()).toBe(1);
    const first = await versions.first().innerText();
    expect(first).toContain('Keys number 1');
    expect(first).toContain('entry 1 in the key log');
    expect(first).toContain('On this device');
    expect(await page.locator('.kids code').allInnerTexts()).toEqual([
      expect.stringMatching(/^[\w-]{43}$/),
      expect.stringMatching(/^[\w-]{43}$/),
    ]);
    await page.getByRole('button', { name: 'Check it now' }).click();
    await page.getByText('The log adds up.').waitFor();
  });

  it('raises the alarm, live, when somebody else registers keys for the account', async () => {
    const { page } = ada;
    await page.goto('/home');
    await page.locator('.chat-entry').first().waitFor();
    await resetKeys(site.url, adaIs);
    const alarm = page.getByRole('alert').filter({ hasText: 'that this device did not make' });
    await alarm.waitFor();
    expect(await alarm.innerText()).toContain('number 2');

    const download = page.waitForEvent('download');
    await alarm.getByRole('button', { name: 'Save the evidence' }).click();
    expect((await download).suggestedFilename()).toBe('sealgate-evidence.json');
    await alarm.getByRole('link', { name: 'See your keys' }).click();
    const newest = page.locator('.key-list .entry').first();
    await newest.getByText('Not made by this device').waitFor();
    expect(await newest.innerText()).toContain('Made anew, without the keys before');
    await page.reload();
    await page.getByRole('alert').filter({ hasText: 'that this device did not make' }).waitFor();
    expect(ada.complaints).toEqual([]);
  });
});
