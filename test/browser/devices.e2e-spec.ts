import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/people.js';
import { join, type Member, signIn } from './support/acts.js';
import { chromiumPath, type Device } from './support/chromium.js';
import { type Site, startSite } from './support/site.js';

/** In the page: what the client keeps of any account. */
const ACCOUNT_KEYS = `new Promise((resolve) => {
  indexedDB.open('sealgate').onsuccess = ({ target }) => {
    const range = IDBKeyRange.bound('account/', 'account/~');
    const found = target.result.transaction('values').objectStore('values').getAllKeys(range);
    found.onsuccess = () => {
      target.result.close();
      resolve(found.result);
    };
  };
})`;

describe.skipIf(chromiumPath === null)('one person on two devices', () => {
  let site: Site;
  let laptop: Device;
  let phone: Device;
  let ada: Member;
  beforeAll(async () => {
    site = await startSite();
    laptop = await site.device();
    phone = await site.device({ viewport: { width: 360, height: 740 } });
    ada = await join(laptop.page, 'ada');
    await signIn(phone.page, ada);
    await phone.page.getByLabel('Recovery code').fill(ada.recoveryCode);
    await phone.page.getByRole('button', { name: 'Restore' }).click();
    await phone.page.getByRole('heading', { name: 'No chats yet' }).waitFor();
  });
  afterAll(() => site.close());

  it('sees the other one in the settings and signs it out; it shows there within a second', async () => {
    await laptop.page.goto('/settings/devices');
    const other = laptop.page.locator('.entry').filter({ hasNotText: 'This device' });
    await other.first().waitFor();
    expect(await laptop.page.locator('.entry').count()).toBe(2);
    const out = phone.page.waitForURL('**/sign-in?ended');
    await other.first().getByRole('button', { name: 'Sign out' }).click();
    const ended = laptop.page.getByText('That device is signed out.');
    await ended.waitFor();
    const began = performance.now();
    await out;
    expect(performance.now() - began).toBeLessThan(1000);
    await phone.page.getByText('You were signed out').waitFor();
    await phone.page.goto('/home');
    await phone.page.waitForURL('**/sign-in');
  });

  it('reads what happened in the security log', async () => {
    await laptop.page.goto('/settings/log');
    await laptop.page.getByText('A device was signed out').waitFor();
    await laptop.page.getByText('Keys were registered').waitFor();
  });

  it('hands over everything about the account as a file', async () => {
    await laptop.page.goto('/settings/data');
    const download = laptop.page.waitForEvent('download');
    await laptop.page.getByRole('button', { name: 'Export' }).click();
    expect((await download).suggestedFilename()).toBe('sealgate-export.json');
  });

  it('opens the backup with a passphrase too, once one is set', async () => {
    await laptop.page.goto('/settings/keys');
    await laptop.page.getByLabel('Recovery code').fill(ada.recoveryCode);
    await laptop.page.getByLabel('New passphrase').fill('harbour violet sketch copper tunnel');
    await laptop.page.getByRole('button', { name: 'Set a passphrase' }).click();
    await laptop.page.getByText('now opens with the passphrase too').waitFor({ timeout: 60_000 });
    const third = await site.device();
    await signIn(third.page, ada);
    await third.page.getByRole('button', { name: 'With the passphrase' }).click();
    await third.page.getByLabel('Passphrase', { exact: true }).fill('harbour violet sketch copper tunnel');
    await third.page.getByRole('button', { name: 'Restore' }).click();
    await third.page.getByRole('heading', { name: 'No chats yet' }).waitFor({ timeout: 60_000 });
    expect([...laptop.complaints, ...phone.complaints, ...third.complaints]).toEqual([]);
  });

  it('is gone for good when the account is deleted', async () => {
    await laptop.page.goto('/settings/data');
    await laptop.page.getByLabel('To be sure, type your username').fill(ada.username);
    await laptop.page.getByRole('button', { name: 'Delete the account' }).click();
    const proof = laptop.page.getByRole('dialog');
    await proof.getByLabel('Password', { exact: true }).fill('not the password');
    await proof.getByRole('button', { name: 'Continue' }).click();
    await proof.getByRole('alert').waitFor();
    await proof.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await proof.getByRole('button', { name: 'Continue' }).click();
    await laptop.page.waitForURL('**/sign-in?deleted');
    await laptop.page.getByText('Your account is deleted').waitFor();
    expect(await laptop.page.evaluate(ACCOUNT_KEYS)).toEqual([]);
    await signIn(laptop.page, ada);
    await laptop.page.getByText('E-mail address or password is wrong').waitFor();
  });
});
