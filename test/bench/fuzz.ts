/**
 * Sends every route of the web application what nobody should send, on servers of its own: no answer may be an error of ours
 * or show a stack trace, and what is refused must leave nothing written. Last line: one JSON object.
 *
 *   npm run fuzz -- [--requests 10000] [--seed 1] [--route /setup/queues]
 *
 * `--requests` to each route; `--route` only routes that begin so.
 */
import { choices } from '../support/hostile.js';
import { Fuzz } from '../support/fuzz.js';
import { startHostileSite } from '../support/hostile-site.js';
import { series } from './acd-site.js';
import { note } from './bench-site.js';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const REQUESTS = Number(option('requests') ?? 10_000);
const SEED = Number(option('seed') ?? 1);
const ROUTE = option('route') ?? '/';

const startedAt = Date.now();
const site = await startHostileSite();
const fuzz = new Fuzz(site, choices(series(SEED)));
try {
  await fuzz.learn();
  const routes = fuzz.routes.filter(({ path }) => path.startsWith(ROUTE));
  for (const route of routes) {
    const before = fuzz.findings.length;
    await fuzz.tryRoute(route, REQUESTS);
    const found = fuzz.findings.slice(before);
    if (found.length > 0) note(`${route.method} ${route.path}: ${String(found.length)} findings`);
    for (const finding of found.slice(0, 2)) note(JSON.stringify(finding));
  }
  process.stdout.write(
    `${JSON.stringify({
      bench: 'fuzz',
      routes: routes.length,
      requests: fuzz.requests,
      failed: fuzz.findings.length,
      seed: SEED,
      seconds: Math.round((Date.now() - startedAt) / 1000),
    })}\n`,
  );
} finally {
  await site.stop();
}
