// free-ports.mjs KEY=FIRST[,NEXT...][/udp|/both]@HOST ...
//
// Prints KEY=PORT for each: the first of its candidates that can really be bound on HOST and that no other key got.
// After the named candidates come the numbers behind the last one, a hundred of them.
import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';

const TRIES_AFTER_LAST = 100;

/** @param {number} port @param {string} host */
const tcpIsFree = (port, host) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });

/** @param {number} port @param {string} host */
const udpIsFree = (port, host) =>
  new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(true)));
  });

const taken = new Set();
for (const request of process.argv.slice(2)) {
  const [, key, list, kind = 'tcp', host] =
    /^(\w+)=([\d,]+)(?:\/(tcp|udp|both))?@(.+)$/.exec(request) ?? [];
  if (key === undefined) throw new Error(`cannot read ${request}`);
  const named = list.split(',').map(Number);
  const last = named[named.length - 1];
  const candidates = [
    ...named,
    ...Array.from({ length: TRIES_AFTER_LAST }, (_, index) => last + index + 1),
  ];
  let found;
  for (const port of candidates) {
    if (taken.has(port) || port > 65535) continue;
    if (kind !== 'udp' && !(await tcpIsFree(port, host))) continue;
    if (kind !== 'tcp' && !(await udpIsFree(port, host))) continue;
    found = port;
    break;
  }
  if (found === undefined) {
    console.error(`no free port for ${key} on ${host}`);
    process.exit(1);
  }
  taken.add(found);
  console.log(`${key}=${found}`);
}
