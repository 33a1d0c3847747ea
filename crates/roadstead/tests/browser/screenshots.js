// `cargo xtask screenshots FOLDER`: every page of the table, in both colours, wide and narrow.
'use strict';

const { join } = require('node:path');

const { launch, pages, THEMES, visitAs } = require('./browser.js');

const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

async function main(folder) {
  const browser = await launch();
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of THEMES) {
      const contexts = {};
      for (const entry of pages()) {
        contexts[entry.as] ??= await visitAs(browser, entry.as, { viewport, colorScheme });
        const page = await contexts[entry.as].newPage();
        await page.goto(entry.path);
        const file = `${entry.name}.${entry.as}.${colorScheme}.${size}.png`;
        await page.screenshot({ path: join(folder, file), fullPage: true });
        await page.close();
      }
      for (const context of Object.values(contexts)) await context.close();
    }
  }
  await browser.close();
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
