// Renovate's docker datasource alone: what it finds of one image, as a registry of somebody's own and as Docker
// Hub. Prints both.
'use strict';

const { getPkgReleases, getDigest } = require('renovate/dist/modules/datasource');
const { DockerDatasource } = require('renovate/dist/modules/datasource/docker');
const memory = require('renovate/dist/util/cache/memory');
const hostRules = require('renovate/dist/util/host-rules');

const [image] = process.argv.slice(2);
const address = process.env.HUB_ADDRESS;

async function look() {
  memory.init();
  hostRules.add({ matchHost: address, insecureRegistry: true });
  const wanted = { datasource: 'docker', packageName: `${address}/${image}` };
  const found = await getPkgReleases(wanted);
  console.log(JSON.stringify(found.releases.map((release) => release.version)));
  console.log(JSON.stringify(await getDigest(wanted, '1.0.0')));
  const tags = await new DockerDatasource().getDockerHubTags(image);
  const tag = (it) => [it.version, it.newDigest, it.releaseTimestamp !== undefined];
  console.log(JSON.stringify(tags.map(tag)));
}

look().catch((error) => {
  console.error(error);
  process.exit(1);
});
