import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Logger } from '../adapters/log/logger.js';
import type { Config } from '../config.js';
import type { WebApp } from './app.js';

/** How often it is looked whether somebody has renewed the certificate, unless told otherwise. */
const LOOK_MS = 30_000;
type Tls = NonNullable<Config['http']['tls']>;

/** Serves the app over http and, where that is configured, over https. Throws where a port is taken or a file cannot be used. */
export async function listen(
  app: WebApp,
  { host, port, tls }: Config['http'],
  log: Logger,
  lookMs = LOOK_MS,
): Promise<{ close(): Promise<void> }> {
  const servers = [await open(app, createServer(app.express), host, port)];
  if (tls !== undefined) servers.push(await openTls(app, host, tls, log, lookMs));
  return {
    close: async () => {
      for (const server of servers) await server.close();
    },
  };
}

async function open(app: WebApp, server: Server, host: string, port: number) {
  const liveSocket = app.attachLive(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    close: async () => {
      liveSocket.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A renewed certificate counts from the next connection on; one that cannot be used changes nothing. */
async function openTls(app: WebApp, host: string, tls: Tls, log: Logger, lookMs: number) {
  const server = createTlsServer(readFiles(tls), app.express);
  const { close } = await open(app, server, host, tls.port);
  const renew = (): void => {
    try {
      server.setSecureContext(readFiles(tls));
      log.info({ file: tls.cert }, 'the certificate was read anew');
    } catch (error) {
      log.error({ err: error, file: tls.cert }, 'the new certificate cannot be used');
    }
  };
  const files = [tls.cert, tls.key];
  for (const file of files) watchFile(file, { interval: lookMs, persistent: false }, renew);
  return {
    close: async () => {
      for (const file of files) unwatchFile(file, renew);
      await close();
    },
  };
}

const readFiles = ({ cert, key }: Tls) => ({
  cert: readFileSync(cert),
  key: readFileSync(key),
  minVersion: 'TLSv1.2' as const,
});
