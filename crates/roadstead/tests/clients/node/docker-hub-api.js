// A day with docker-hub-api, the oldest client of Docker Hub's API that is still to be had. Prints what came
// of each call, in order.
'use strict';

const hub = require('docker-hub-api');

const [name, password] = process.argv.slice(2);
const told = [];
const tell = (what, answer) => told.push([what, answer]);

async function day() {
  hub.setCacheOptions({ enabled: false });
  await hub.login(name, password);
  const me = await hub.loggedInUser();
  tell('loggedInUser', me.username);
  const made = await hub.createRepository(name, 'notes', {
    is_private: false, description: 'short', full_description: 'long',
  });
  tell('createRepository', [made.namespace, made.name, made.description, made.full_description]);
  const full = { short: 'shorter', full: '# Longer' };
  const set = await hub.setRepositoryDescription(name, 'notes', full);
  tell('setRepositoryDescription', [set.description, set.full_description]);
  tell('repository', (await hub.repository(name, 'notes')).is_private);
  tell('addCollaborator', await hub.addCollaborator(name, 'notes', 'bob'));
  tell('collaborators', await hub.collaborators(name, 'notes'));
  tell('deleteCollaborator', await hub.deleteCollaborator(name, 'notes', 'bob'));
  tell('starRepository', await hub.starRepository(name, 'app'));
  tell('repositoriesStarred', (await hub.repositoriesStarred(name)).map((it) => it.name));
  tell('unstarRepository', await hub.unstarRepository(name, 'app'));
  tell('repositories', await hub.repositories(name));
  tell('tags', (await hub.tags(name, 'app')).map((tag) => [tag.name, tag.full_size > 0]));
  tell('deleteTag', await hub.deleteTag(name, 'app', '2'));
  tell('tags', (await hub.tags(name, 'app')).map((tag) => tag.name));
  const settings = await hub.registrySettings(name);
  tell('registrySettings', settings.private_repo_used);
  tell('user', (await hub.user('bob')).username);
  tell('deleteRepository', await hub.deleteRepository(name, 'notes'));
  tell('repository', await hub.repository(name, 'notes').catch((error) => error.message));
  tell('logout', await hub.logout());
}

day()
  .catch((error) => tell('failed', error.stack || String(error)))
  .then(() => told.forEach((line) => console.log(JSON.stringify(line))));
