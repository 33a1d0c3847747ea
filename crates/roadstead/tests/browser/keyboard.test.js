// The main flows with the keyboard alone.
'use strict';

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const { launch, visit, visitAs } = require('./browser.js');

/** More than any page has to stop at; whoever needs more is caught in a circle. */
const MOST_STOPS = 400;

/** What has the focus, and whether one sees that it has. */
function focus() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const isRinged = (it) => it && (getComputedStyle(it).outlineStyle !== 'none' || isRinged(it.parentElement));
  const name = `${element.tagName} ${element.id} ${element.textContent.trim().slice(0, 40)}`;
  return { name, isVisible: isRinged(element) === true };
}

/** Tabs through the whole page; the stops at which one does not see where one is. */
async function invisibleStops(page) {
  const unseen = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(focus);
    if (!found) return unseen;
    if (!found.isVisible) unseen.push(found.name);
  }
  throw new Error(`no end after ${MOST_STOPS} stops`);
}

const focused = (page) => page.evaluate(() => document.activeElement.id);

describe('keyboard', () => {
  let browser;

  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  it('leads from the first key past the bar into the page', async () => {
    const page = await (await visit(browser)).newPage();
    await page.goto('/harborworks/tidewatch');
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to content' });
    assert.ok(await skip.evaluate((link) => link === document.activeElement));
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.getElementById('main').contains(document.activeElement)));
  });

  it('reaches the search with / and leaves what is typed alone', async () => {
    const page = await (await visit(browser)).newPage();
    await page.goto('/harborworks/tidewatch');
    await page.keyboard.press('/');
    assert.equal(await focused(page), 'top-q');
    await page.keyboard.type('tide/db');
    assert.equal(await page.locator('#top-q').inputValue(), 'tide/db');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/search?*');
  });

  it('opens the menu of the account, closes it with Esc and stays there', async () => {
    const page = await (await visitAs(browser, 'owner')).newPage();
    await page.goto('/harborworks/tidewatch');
    const menu = page.locator('.topbar details.menu').last();
    await menu.locator('summary').focus();
    await page.keyboard.press('Enter');
    assert.ok(await menu.evaluate((details) => details.open));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    assert.ok(await menu.evaluate((details) => !details.open));
    assert.ok(await menu.locator('summary').evaluate((it) => it === document.activeElement));
  });

  const walked = ['/', '/search?q=tide', '/harborworks/tidewatch', '/harborworks/tidewatch/tags', '/signin'];
  for (const path of walked) {
    it(`shows at every stop of ${path} where one is`, async () => {
      const page = await (await visit(browser)).newPage();
      await page.goto(path);
      assert.deepEqual(await invisibleStops(page), []);
    });
  }
});
