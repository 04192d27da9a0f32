/**
 * `proxy-process.ts HOST PORT`: a proxy in a process of its own, since what it carries must not wait for whoever listens to
 * callers. Says its port first, then takes one of TcpProxy's commands with each message: `['slow', 200]`. Ends with its parent.
 */
import { TcpProxy } from '../support/tcp-proxy.js';

type Command = 'cut' | 'freeze' | 'thaw' | 'slow';

const [, , host = '127.0.0.1', port = '0'] = process.argv;
const proxy = await TcpProxy.open({ host, port: Number(port) });

process.on('message', ([command, delayMs = 0]: [Command, number?]) => {
  if (command === 'slow') proxy.slow(delayMs);
  else proxy[command]();
});
process.on('disconnect', () => process.exit(0));
process.send?.(proxy.port);
