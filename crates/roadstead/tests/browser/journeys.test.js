// What people do, through the pages alone: each journey once with script and once without.
'use strict';

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const { launch, visit } = require('./browser.js');
const { code, makeUser, passwordOf, signedIn } = require('./hub.js');

/** Types name and password into the form that is open. */
async function typeCredentials(page, name) {
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(passwordOf(name));
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
}

async function signOut(page) {
  await page.locator('details.menu > summary[title], details.menu > summary').last().click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with script' : 'without script';

  describe(how, () => {
    let browser, context, page;

    before(async () => {
      browser = await launch();
    });
    after(() => browser.close());

    /** Each journey begins in a window of its own. */
    const journey = (name, walk) =>
      it(name, async () => {
        context = await visit(browser, { javaScriptEnabled });
        page = await context.newPage();
        await walk();
        await context.close();
      });

    journey('a visitor finds an image and sees what is in it', async () => {
      await page.goto('/');
      await page.getByRole('searchbox').fill('tidewatch');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'harborworks/tidewatch' }).click();
      await page.locator('#readme').getByRole('heading', { name: /^Tidewatch/ }).waitFor();
      await page.getByRole('link', { name: /^Tags/ }).first().click();
      await page.getByLabel('Filter tags').fill('1.1');
      if (!javaScriptEnabled) await page.keyboard.press('Enter');
      await page.getByRole('link', { name: '1.0.0' }).waitFor({ state: 'detached' });
      assert.equal(new URL(page.url()).searchParams.get('q'), '1.1');
      // As long as a person takes: leaving the filter must not take the link from under the finger.
      await page.getByRole('link', { name: '1.1.0' }).first().click({ delay: 150 });
      await page.getByText('COPY part-1 /srv/part-1').first().waitFor();
      await page.getByRole('link', { name: 'Insights' }).click();
      await page.getByRole('heading', { name: /pulls/i }).first().waitFor();
    });

    journey('somebody signs in, gives a star and signs out', async () => {
      const name = javaScriptEnabled ? 'sue' : 'sid';
      makeUser(name);
      await page.goto('/_/tidedb');
      await page.getByRole('button', { name: 'Star' }).click();
      await typeCredentials(page, name);
      await page.waitForURL('**/_/tidedb');
      await page.getByRole('button', { name: 'Star' }).click();
      await page.getByRole('button', { name: 'Starred', pressed: true }).waitFor();
      await signOut(page);
      await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
    });

    journey('a second factor is asked for', async () => {
      const name = javaScriptEnabled ? 'tom' : 'tim';
      makeUser(name);
      const api = await signedIn(name);
      const home = '/api/v1/account/two-factor';
      const { secret } = await api.post(home, { password: passwordOf(name) });
      await api.post(`${home}/confirm`, { code: code(secret) });
      await page.goto('/signin');
      await typeCredentials(page, name);
      await page.getByLabel(/code/i).first().fill(code(secret, 1));
      await page.getByRole('main').getByRole('button').first().click();
      await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
    });

    journey('a wrong password is said once, and nothing is told of the account', async () => {
      await page.goto('/signin');
      for (const name of ['alice', 'nobody-at-all']) {
        await page.getByLabel('Username').fill(name);
        await page.getByLabel('Password', { exact: true }).fill('not it');
        await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
        await page.getByText('do not match').waitFor();
      }
    });
  });
}
