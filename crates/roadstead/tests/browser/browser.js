// Debian's Chromium, and the people of `world.js` who use it.
'use strict';

const { readFileSync } = require('node:fs');

const { chromium } = require('playwright-core');

const { passwordOf, url } = require('./hub.js');

/** Which account of `world.js` stands for each role of `pages.json`; a visitor has none. */
const ACCOUNTS = { stranger: 'mallory', member: 'molly', owner: 'alice', admin: 'keeper' };
const THEMES = ['light', 'dark'];

function launch() {
  // Chromium has no sandbox for root, and root is who runs tests in a container.
  const args = process.getuid() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM, args });
}

/** A window of its own: nothing is remembered from another one, and nothing moves. */
async function visit(browser, options = {}) {
  const context = await browser.newContext({ baseURL: url, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(10_000);
  return context;
}

/** Signs in without looking at the page. */
async function signIn(context, name) {
  const form = { username: name, password: passwordOf(name), next: '/explore' };
  const answer = await context.request.post('/signin', { form, maxRedirects: 0 });
  if (answer.status() !== 303) throw new Error(`${name} cannot sign in: ${await answer.text()}`);
}

/** A window of somebody in this role. */
async function visitAs(browser, role, options) {
  const context = await visit(browser, options);
  if (role in ACCOUNTS) await signIn(context, ACCOUNTS[role]);
  return context;
}

/** The table of pages, with what the world wrote down in their paths, and a name for each. */
function pages() {
  const facts = JSON.parse(readFileSync(process.env.WORLD, 'utf8'));
  const table = require('./pages.json');
  const filled = (path) => path.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
  const named = (page) => page.path.split(/\W+/).filter(Boolean).join('-') || 'home';
  return table.map((page) => ({ status: 200, ...page, name: named(page), path: filled(page.path) }));
}

module.exports = { launch, pages, THEMES, visit, visitAs };
