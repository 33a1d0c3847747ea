// Fills an empty hub with the people and repositories that `pages.json` and the journeys speak of, and writes
// down what only the hub could know (ids, codes) for the paths of pages.
'use strict';

const { writeFileSync } = require('node:fs');

const { admin, linkInLetter, emailOf, makeUser, Repo, signedIn } = require('./hub.js');

const README = `# Tidewatch

Reads tide gauges and serves them as **JSON**. See [the manual](docs/manual.md) and \`tidewatch --help\`.

> [!NOTE]
> Gauges report every six minutes.

| Gauge | Datum | Height |
|:------|-------|-------:|
| North pier | MLLW | 1.42 m |
| A breakwater with quite a long name | MLLW | 0.97 m |

- [x] Serve heights
- [ ] Predict them

\`\`\`sh
docker run --rm -p 8080:8080 -e TIDEWATCH_STATION=north-pier -e TIDEWATCH_INTERVAL=6m harborworks/tidewatch:latest
\`\`\`
`;

async function people() {
  makeUser('keeper', ['--verified', '--admin']);
  for (const name of ['alice', 'molly', 'mallory', 'dora']) makeUser(name);
}

async function organization(alice) {
  await alice.post('/v2/orgs/', { orgname: 'harborworks', company: 'Harbor Works' });
  const crew = await alice.post('/v2/orgs/harborworks/groups/', { name: 'crew', description: 'Builds and ships' });
  const invite = (name) => alice.post('/v2/invites/bulk', { org: 'harborworks', team: 'crew', invitees: [name] });
  const told = await invite('molly');
  const molly = await signedIn('molly');
  await molly.post(`/api/v1/invitations/${told.invitees[0].invite.id}/accept`);
  await invite('dora');
  return crew.id;
}

async function repositories(alice, crew) {
  const create = (namespace, name, more = {}) =>
    alice.post('/v2/repositories/', { namespace, name, is_private: false, ...more });
  await create('harborworks', 'tidewatch', { description: 'Tide gauges as JSON', full_description: README });
  await create('harborworks', 'soundings', { description: 'Depths, for members', is_private: true });
  await create('alice', 'tides', { description: 'Tables of tides for the whole coast' });
  await create('alice', 'winds', { description: 'Not for everybody', is_private: true });
  await create('alice', 'empty');
  for (const [name, permission] of [['tidewatch', 'write'], ['soundings', 'read']]) {
    await alice.post(`/v2/repositories/harborworks/${name}/groups/`, { group_id: crew, permission });
  }
}

async function images() {
  const tidewatch = new Repo('harborworks/tidewatch', 'alice');
  for (const version of ['1.0.0', '1.1.0', '1.2.0-rc.1']) {
    await tidewatch.push(version, { layers: ['base', `program ${version}`] });
  }
  await tidewatch.push('latest', { layers: ['base', 'program 1.0.0'] });
  await tidewatch.push('latest', { layers: ['base', 'program 1.1.0'] });
  await tidewatch.pushIndex('many', ['base', 'program'], ['amd64', 'arm64', 's390x']);
  for (const name of ['harborworks/soundings', 'alice/tides', 'alice/winds']) {
    await new Repo(name, 'alice').push('1', { layers: ['base', name] });
  }
  admin(['plan', 'set', 'crew', '--private-repositories', '5']);
  for (const name of ['alder', 'ferry', 'kelp', 'tidedb', 'wharf']) {
    admin(['official', 'create', name]);
    await new Repo(`library/${name}`, 'keeper').push('1', { layers: ['base', name] });
  }
}

async function life(alice) {
  const mallory = await signedIn('mallory');
  for (const name of ['harborworks/tidewatch', 'library/tidedb']) {
    await mallory.post(`/v2/repositories/${name}/stars/`);
    await new Repo(name, 'mallory').pull('latest').catch(() => new Repo(name, 'mallory').pull('1'));
  }
  const token = await alice.post('/v2/access-tokens', { token_label: 'laptop', scopes: ['repo:read'] });
  const resources = [{ type: 'TYPE_REPO', path: 'harborworks/*', scopes: ['image-pull'] }];
  const machine = { label: 'cluster', description: 'Pulls for the pier', resources };
  const orgToken = await alice.post('/v2/orgs/harborworks/access-tokens', machine);
  return { token: token.uuid, orgToken: orgToken.id };
}

async function main() {
  await people();
  const alice = await signedIn('alice');
  const crew = await organization(alice);
  await repositories(alice, crew);
  await images();
  const facts = await life(alice);
  const letter = await linkInLetter(emailOf('dora'), 'harborworks');
  writeFileSync(process.env.WORLD, JSON.stringify({ ...facts, invitation: letter }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
