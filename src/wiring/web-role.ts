import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { makePromptsFeature } from '../features/prompts/index.js';
import { makeUsersFeature } from '../features/users/index.js';
import { createWebApp } from '../web/app.js';
import { projectRoot } from '../web/assets.js';
import type { Foundation } from './foundation.js';

/** The role `web`: pages, live values, and the prompt files that nodes fetch. */
export async function startWeb(base: Foundation): Promise<{ close(): Promise<void> }> {
  const { config, database, redis, clock, announcer, log } = base;
  const users = makeUsersFeature(database, redis, clock);
  const features = [users, makePromptsFeature(database, announcer, config.varDir)];
  const { version } = JSON.parse(readFileSync(`${projectRoot()}/package.json`, 'utf8')) as {
    version: string;
  };
  const app = createWebApp({ config, logger: log, version, users, features });
  const server = createServer(app.express);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.http.port, config.http.host, resolve);
  });
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
