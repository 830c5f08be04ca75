import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath } from './support/chromium.js';
import { type Site, startSite } from './support/site.js';

describe.skipIf(chromiumPath === null)('the page of the HTTP interface', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  it('shows the routes, opens one, and nothing on it is refused', async () => {
    const { page, complaints } = await site.device();
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(site.url))
        foreign.push(request.url());
    });
    await page.goto('/api/docs');
    const route = page.locator('.opblock').filter({ hasText: '/auth/login' }).first();
    await route.waitFor();
    expect(await page.locator('.opblock').count()).toBeGreaterThan(40);
    await route.click();
    await route.locator('.opblock-body').getByText('Request body').first().waitFor();
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
