import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenIn } from '../mail/mailbox.js';
import { join, type Member, signIn } from './support/acts.js';
import { chromiumPath, type Device } from './support/chromium.js';
import { type Site, startSite } from './support/site.js';

const NEW_PASSWORD = 'harbour violet sketch copper tunnel';

describe.skipIf(chromiumPath === null)('somebody with a link from a mail', () => {
  let site: Site;
  let device: Device;
  let ada: Member;
  beforeAll(async () => {
    site = await startSite();
    device = await site.device();
    ada = await join(device.page, 'ada');
  });
  afterAll(() => site.close());

  it('confirms the e-mail address, once', async () => {
    const { page } = device;
    await page.goto('/settings/profile');
    await page.getByText('Not confirmed yet').waitFor();
    const link = `/verify-email#token=${tokenIn(await site.mail(ada.email, /^Confirm your/))}`;
    await page.goto(link);
    await page.getByText('Your e-mail address is confirmed.').waitFor();
    expect(page.url()).not.toContain('token');
    await page.goto('/settings/profile');
    await page.getByText('Confirmed', { exact: true }).waitFor();
    await page.goto('/about');
    await page.goto(link);
    await page.getByText('used before or is too old').waitFor();
  });

  it('sets a new password, and is signed out everywhere until they sign in with it', async () => {
    const { page } = await site.device();
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('E-mail address').fill(ada.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('a link is on its way').waitFor();
    await page.goto(`/reset-password#token=${tokenIn(await site.mail(ada.email, /^Set a new password/))}`);
    await page.getByLabel('New password', { exact: true }).fill('Password1234');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.locator('.field-error').waitFor();
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Your new password is set').waitFor();
    await device.page.waitForURL('**/sign-in**');

    await signIn(page, ada);
    await page.getByText('E-mail address or password is wrong').waitFor();
    await signIn(page, ada, NEW_PASSWORD);
    await page.waitForURL('**/home');
  });
});
