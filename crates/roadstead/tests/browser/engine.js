// A real docker, with a configuration of its own, against the hub.
'use strict';

const { execFileSync } = require('node:child_process');
const { mkdtempSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

class Docker {
  constructor() {
    this.home = mkdtempSync(join(tmpdir(), 'docker-'));
  }

  run(line, input = '') {
    const daemon = ['--host', process.env.ROADSTEAD_TEST_DOCKER, '--config', this.home];
    const options = { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] };
    return execFileSync('docker', [...daemon, ...line.split(' ')], options);
  }

  /** Makes an image of one file. */
  make(name, text) {
    writeFileSync(join(this.home, 'hello'), text);
    const layer = execFileSync('tar', ['-c', '-C', this.home, 'hello']);
    this.run(`import - ${name}`, layer);
  }
}

module.exports = { Docker };
