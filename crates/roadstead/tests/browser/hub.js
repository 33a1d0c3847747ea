// The hub that `cargo xtask browser` started: its commands, its API, its registry and its letters.
'use strict';

const { createHash, createHmac } = require('node:crypto');
const { execFileSync } = require('node:child_process');
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');

const address = process.env.HUB_ADDRESS;
const url = `http://${address}`;
const data = process.env.HUB_DATA;

/** As the other suites give passwords out. */
const passwordOf = (name) => `correct horse ${name} staple`;
const emailOf = (name) => `${name}@example.test`;

/** `roadstead admin WORDS`; returns what it wrote. */
function admin(words, input = '') {
  const args = ['admin', ...words, '--data-dir', data];
  return execFileSync(process.env.HUB_PROGRAM, args, { input, encoding: 'utf8' });
}

function makeUser(name, options = ['--verified']) {
  const words = ['user', 'create', name, '--email', emailOf(name), '--password-stdin'];
  admin([...words, ...options], passwordOf(name));
}

/** Ids of teams are greater than the numbers of JavaScript are exact; here they are texts of digits. */
const parse = (text) => JSON.parse(text.replace(/([:[,]\s*)(\d{16,})/g, '$1"$2"'));
const write = (value) => JSON.stringify(value).replace(/"(\d{16,})"/g, '$1');

/** The JSON answered; a refusal is an error. */
async function ask(method, path, { headers = {}, body, json } = {}) {
  const kind = json === undefined ? {} : { 'content-type': 'application/json' };
  const sent = json === undefined ? body : write(json);
  const answer = await fetch(url + path, { method, headers: { ...kind, ...headers }, body: sent });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : parse(text);
}

/** The JSON API as somebody; each call resolves to the object answered. */
async function signedIn(name) {
  const credentials = { username: name, password: passwordOf(name) };
  const { token } = await ask('POST', '/v2/users/login', { json: credentials });
  const headers = { authorization: `JWT ${token}` };
  const call = (method) => (path, json) => ask(method, path, { headers, json });
  return { get: call('GET'), post: call('POST'), put: call('PUT'), patch: call('PATCH') };
}

const sha256 = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A registry client of one repository. */
class Repo {
  constructor(name, person) {
    this.path = `/v2/${name}`;
    const pair = Buffer.from(`${person}:${passwordOf(person)}`).toString('base64');
    this.headers = { authorization: `Basic ${pair}` };
  }

  async blob(mediaType, bytes) {
    const digest = sha256(bytes);
    const headers = { ...this.headers, 'content-type': 'application/octet-stream' };
    await ask('POST', `${this.path}/blobs/uploads/?digest=${digest}`, { headers, body: bytes });
    return { mediaType, digest, size: bytes.length };
  }

  async manifest(reference, mediaType, members) {
    const body = JSON.stringify({ schemaVersion: 2, mediaType, ...members });
    const headers = { ...this.headers, 'content-type': mediaType };
    await ask('PUT', `${this.path}/manifests/${reference ?? sha256(body)}`, { headers, body });
    return { mediaType, digest: sha256(body), size: body.length };
  }

  /** An image whose layers have these texts in them; without a tag it is had by its digest. */
  async push(tag, { layers, architecture = 'amd64' }) {
    const blobs = [];
    for (const text of layers) {
      blobs.push(await this.blob('application/vnd.oci.image.layer.v1.tar', Buffer.from(text)));
    }
    const config = {
      architecture,
      os: 'linux',
      created: '2026-01-01T00:00:00Z',
      config: { Cmd: ['/tidewatch'], Env: ['PORT=8080'], ExposedPorts: { '8080/tcp': {} } },
      rootfs: { type: 'layers', diff_ids: blobs.map((blob) => blob.digest) },
      history: blobs.map((_, at) => ({ created_by: `COPY part-${at} /srv/part-${at}` })),
    };
    const bytes = Buffer.from(JSON.stringify(config));
    const kind = 'application/vnd.oci.image.config.v1+json';
    const members = { config: await this.blob(kind, bytes), layers: blobs };
    const manifest = 'application/vnd.oci.image.manifest.v1+json';
    const descriptor = await this.manifest(tag, manifest, members);
    return { ...descriptor, platform: { os: 'linux', architecture } };
  }

  async pushIndex(tag, layers, architectures) {
    const manifests = [];
    for (const architecture of architectures) {
      const own = layers.map((text) => `${text} for ${architecture}`);
      manifests.push(await this.push(undefined, { layers: own, architecture }));
    }
    return this.manifest(tag, 'application/vnd.oci.image.index.v1+json', { manifests });
  }

  async pull(reference) {
    const accept = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json';
    await ask('GET', `${this.path}/manifests/${reference}`, { headers: { ...this.headers, accept } });
  }
}

/** Asks again until there is an answer. */
async function eventually(what, probe, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(100)) {
    const found = await probe();
    if (found) return found;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

/** The link in the newest letter to somebody with these words in its subject, as a path. */
async function linkInLetter(to, subject) {
  const outbox = join(data, 'outbox');
  const letter = await eventually(`a letter "${subject}" to ${to}`, () => {
    let names = [];
    try {
      names = readdirSync(outbox).filter((name) => name.endsWith('.eml')).sort().reverse();
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    const texts = names.map((name) => readFileSync(join(outbox, name), 'utf8'));
    return texts.find((text) => text.includes(`To: ${to}`) && text.includes(subject));
  });
  // Quoted-printable: long lines are broken, and `=` is written as a number.
  const text = letter.replace(/=\r?\n/g, '').replace(/=3D/g, '=');
  const found = text.match(/http:\/\/[^/\s]+(\/\S+)/);
  if (!found) throw new Error(`no link in ${letter}`);
  return found[1];
}

function base32(text) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text.replace(/[\s=]/g, '').toUpperCase()]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** The code of an authenticator (RFC 6238); `step` 1 is the next one, which hubs take too. */
function code(secret, step = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + step));
  const hash = createHmac('sha1', base32(secret)).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

module.exports = {
  address, admin, code, emailOf, eventually, linkInLetter, makeUser, passwordOf, Repo, signedIn, url,
};
