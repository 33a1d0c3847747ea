// Loaded before a client that knows Docker Hub's host by heart: what it sends there goes to HUB_ADDRESS, and a
// request to anybody else is an error. The client itself is as it was published.
'use strict';

const http = require('http');
const https = require('https');

const [hostname, port] = process.env.HUB_ADDRESS.split(':');

// Called with a URL and options, or with options alone.
https.request = (first, ...rest) => {
  const isUrl = typeof first === 'string' || first instanceof URL;
  const url = isUrl ? new URL(first) : undefined;
  const target = url ? { host: url.hostname, path: url.pathname + url.search } : first;
  const further = url && typeof rest[0] === 'object' ? rest.shift() : {};
  const options = { ...further, ...target };
  const host = options.hostname || options.host;
  if (host !== 'hub.docker.com') {
    throw new Error(`a request to ${host} was not expected`);
  }
  const headers = { ...options.headers, host: process.env.HUB_ADDRESS };
  const here = { protocol: 'http:', host: hostname, hostname, port, headers };
  return http.request({ ...options, agent: undefined, _defaultAgent: undefined, ...here }, ...rest);
};
