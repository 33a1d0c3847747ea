// One image and its people, from the first sign-up on, through the pages and a real docker: once with script and
// once without. Each step goes on from where the one before it ended.
'use strict';

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const { launch, visit } = require('./browser.js');
const { Docker } = require('./engine.js');
const { address, emailOf, eventually, linkInLetter, makeUser, passwordOf } = require('./hub.js');

/** Somebody with a window of their own. */
class Person {
  constructor(name, page) {
    this.name = name;
    this.page = page;
  }

  static async at(browser, name, options) {
    const context = await visit(browser, options);
    return new Person(name, await context.newPage());
  }

  press(name) {
    return this.page.getByRole('main').getByRole('button', { name, exact: true }).first().click();
  }

  type(label, text) {
    return this.page.getByRole('main').getByLabel(label).first().fill(text);
  }

  sees(text) {
    return this.page.getByText(text).first().waitFor();
  }

  async follow(name) {
    await this.page.getByRole('link', { name }).first().click();
  }

  async status(path) {
    return (await this.page.goto(path)).status();
  }

  async signIn() {
    await this.page.goto('/signin');
    await this.type('Username', this.name);
    await this.page.getByLabel('Password', { exact: true }).fill(passwordOf(this.name));
    await this.press('Sign in');
    await this.page.waitForURL((url) => !url.pathname.startsWith('/signin'));
  }

  /** Does what is asked about first: in a dialog with script, on a page of its own without. */
  async confirm(action, label, text) {
    await this.page.getByRole('main').getByRole('link', { name: action, exact: true }).click();
    const form = this.page.locator('dialog[open] form, section[aria-labelledby="ask-h"] form');
    await form.getByLabel(label).fill(text);
    await form.getByRole('button', { name: action, exact: true }).click();
  }

  /** Where the hub wants to know once more who asks. */
  async prove() {
    if (!new URL(this.page.url()).pathname.startsWith('/signin/again')) return;
    await this.type('Current password', passwordOf(this.name));
    await this.press('Continue');
    await this.page.waitForURL((url) => !url.pathname.startsWith('/signin'));
  }
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with script' : 'without script';
  const [ownerName, friendName, crew] = javaScriptEnabled
    ? ['nora', 'fred', 'northworks']
    : ['nils', 'fritz', 'southworks'];
  const image = `${ownerName}/lantern`;

  describe(`a life ${how}`, () => {
    let browser, owner, friend, keeper, nobody, docker;

    before(async () => {
      browser = await launch();
      owner = await Person.at(browser, ownerName, { javaScriptEnabled });
      friend = await Person.at(browser, friendName, { javaScriptEnabled });
      keeper = await Person.at(browser, 'keeper', { javaScriptEnabled });
      nobody = await Person.at(browser, 'nobody', { javaScriptEnabled });
      makeUser(friendName);
      docker = new Docker();
    });
    after(() => browser.close());

    it('signs up and verifies the address by the link in the letter', async () => {
      await owner.page.goto('/signup');
      await owner.type('Username', ownerName);
      await owner.type('Email', emailOf(ownerName));
      await owner.page.getByLabel('Password', { exact: true }).fill(passwordOf(ownerName));
      await owner.press('Create account');
      await owner.sees(`a link was sent to ${emailOf(ownerName)}`);
      await owner.page.goto(await linkInLetter(emailOf(ownerName), 'Verify your e-mail address'));
      await owner.press('Verify this address');
      await owner.sees('Your address is verified');
    });

    it('makes a token and pushes with docker', async () => {
      await owner.page.goto('/settings/tokens');
      const confirm = owner.page.getByRole('link', { name: 'Confirm and continue' });
      if (await confirm.count()) await confirm.click();
      await owner.prove();
      await owner.type('Name', 'laptop');
      await owner.page.getByLabel('Read and write').check();
      await owner.press('Create token');
      const token = await owner.page.locator('#new-token code.secret').innerText();
      docker.run(`login --username ${ownerName} --password-stdin ${address}`, token);
      for (const name of [image, `${image}:1.0`]) {
        docker.make(`${address}/${name}`, `lights up, ${how}`);
        docker.run(`push --quiet ${address}/${name}`);
      }
    });

    it('sees the repository, its tags and the layers of one', async () => {
      await owner.page.goto(`/${ownerName}`);
      await owner.follow(image);
      await owner.page.getByRole('link', { name: /^Tags/ }).first().click();
      await owner.page.getByRole('link', { name: '1.0', exact: true }).click();
      await owner.sees('Layers and history');
      await owner.sees(/1 layer/);
    });

    it('gets a star from somebody else, and the search finds it', async () => {
      await friend.signIn();
      await friend.page.goto(`/${image}`);
      await friend.press('Star');
      await friend.page.getByRole('button', { name: 'Starred', pressed: true }).waitFor();
      await eventually('the search finds it', async () => {
        await nobody.page.goto('/search?q=lantern');
        return nobody.page.getByRole('link', { name: image }).count();
      });
    });

    it('makes it private, and it is gone for everybody else', async () => {
      await owner.page.goto(`/${image}/settings`);
      await owner.confirm('Make private', /^Type/, image);
      await owner.sees(`${image} is private now`);
      for (const other of [friend, nobody]) assert.equal(await other.status(`/${image}`), 404);
      await eventually('the search forgets it', async () => {
        await nobody.page.goto('/search?q=lantern');
        return (await nobody.page.getByRole('link', { name: image }).count()) === 0;
      });
    });

    it('renames it, and the old name still pulls', async () => {
      await owner.page.goto(`/${image}/settings`);
      await owner.confirm('Rename', 'New name', 'beam');
      await owner.sees(`Renamed to ${ownerName}/beam`);
      docker.run(`pull --quiet ${address}/${image}:1.0`);
      assert.equal(await owner.status(`/${image}`), 200);
      assert.ok(owner.page.url().endsWith(`/${ownerName}/beam`));
    });

    it('throws it away and takes it out of the trash again', async () => {
      await owner.page.goto(`/${ownerName}/beam/settings`);
      await owner.confirm('Delete repository', /^Type/, `${ownerName}/beam`);
      await owner.sees(`${ownerName}/beam is in the trash`);
      assert.equal(await owner.status(`/${ownerName}/beam`), 404);
      await owner.page.goto('/repositories/trash');
      await owner.press('Restore repository');
      await owner.sees(`${ownerName}/beam restored`);
      assert.equal(await owner.status(`/${ownerName}/beam/tags/1.0`), 200);
    });

    it('founds an organization whose team may push', async () => {
      await owner.page.goto('/organizations/new');
      await owner.type('Name', crew);
      await owner.press('Create organization');
      await owner.sees(`Organization ${crew} created`);
      docker.make(`${address}/${crew}/beacon:1`, 'one flash in five seconds');
      docker.run(`push --quiet ${address}/${crew}/beacon:1`);
      await owner.page.goto(`/${crew}/people/new-team`);
      await owner.type('Name', 'pilots');
      await owner.press('Create team');
      await owner.sees('Team pilots created');

      await owner.page.goto(`/${crew}/people`);
      const cell = owner.page.getByLabel('pilots on beacon');
      const isSaved = owner.page.waitForResponse((answer) => answer.request().method() === 'POST');
      await cell.selectOption({ label: 'Write' });
      if (!javaScriptEnabled) await owner.press('Save permissions');
      await isSaved;
      await owner.page.goto(`/${crew}/people`);
      assert.equal(await cell.locator('option:checked').innerText(), 'Write');
    });

    it('invites somebody, who accepts and pushes', async () => {
      await owner.page.goto(`/${crew}/people/teams/pilots`);
      await owner.type('Username or email', friendName);
      await owner.press('Add person');
      await owner.sees(`${friendName} was invited`);
      await friend.page.goto('/organizations');
      await friend.press(`Accept ${crew}`);
      await friend.sees(`You are now a member of ${crew}`);
      docker.run(`login --username ${friendName} --password-stdin ${address}`, passwordOf(friendName));
      docker.run(`tag ${address}/${crew}/beacon:1 ${address}/${crew}/beacon:2`);
      docker.run(`push --quiet ${address}/${crew}/beacon:2`);
    });

    it('shuts an account out and lets it in again, as an administrator', async () => {
      await keeper.signIn();
      await keeper.page.goto('/admin/users');
      await keeper.type('Find an account', friendName);
      if (!javaScriptEnabled) await keeper.press('Show');
      await keeper.page.getByRole('link', { name: `Manage ${friendName}` }).click();
      await keeper.page.getByRole('link', { name: 'Disable' }).click();
      await keeper.prove();
      await keeper.press('Disable');
      await keeper.sees(`Disable: done for ${friendName}`);
      await friend.page.goto(`/${image}`);
      await friend.page.getByRole('link', { name: 'Sign in' }).waitFor();
      await keeper.page.goto(`/admin/users/${friendName}`);
      await keeper.press('Enable');
      await keeper.sees(`Enable: done for ${friendName}`);
      await friend.signIn();
    });
  });
}
