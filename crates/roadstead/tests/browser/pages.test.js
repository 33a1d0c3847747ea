// Every page of the table, in both colours and three widths: WCAG 2.2 AA by axe, nothing that has to be scrolled
// sideways, and nothing that the page's own policy had to stop.
'use strict';

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const axe = require('axe-core');

const { launch, pages, THEMES, visitAs } = require('./browser.js');

const WIDTHS = [1280, 820, 390];
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Nothing else of a page depends on its colours. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
const RULES = {
  light: { type: 'tag', values: STANDARDS },
  dark: { type: 'rule', values: OF_COLOURS },
};

/** What axe has against the page as it is now, a line each. */
async function violations(page, runOnly) {
  const run = (options) => window.axe.run(options);
  // No rule that runs here reads style sheets, so they are not loaded a second time.
  const options = { runOnly, resultTypes: ['violations'], preload: false };
  const found = await page.evaluate(run, options);
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
  );
}

async function overflow(page) {
  const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
  return scrollWidth > clientWidth ? [`${scrollWidth} px wide`] : [];
}

/** Everything wrong in all colours and widths, each thing once. */
async function faults(page) {
  const all = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    all.push(...(await overflow(page)).map((fault) => `at ${width} px: ${fault}`));
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      const place = `at ${width} px, ${colorScheme}`;
      const found = await violations(page, RULES[colorScheme]);
      all.push(...found.map((fault) => `${place}: ${fault}`));
    }
  }
  return all;
}

describe('pages', { concurrency: 2 }, () => {
  let browser;
  const contexts = {};

  before(async () => {
    browser = await launch();
    for (const { as } of pages()) contexts[as] ??= await visitAs(browser, as);
  });
  after(() => browser.close());

  for (const { path, as, status } of pages()) {
    it(`${path} as ${as}`, async () => {
      const page = await contexts[as].newPage();
      const said = [];
      page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      const answer = await page.goto(path);
      assert.equal(answer.status(), status);
      // Browsers write the status of the page itself there too.
      const errors = said.filter((text) => !text.startsWith('Failed to load resource'));
      await page.evaluate(axe.source);
      assert.deepEqual([...errors, ...(await faults(page))], []);
      await page.close();
    });
  }
});
