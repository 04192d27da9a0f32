import { makeLogger } from '../../src/adapters/log/logger.js';
import { openConfiguration } from '../../src/demo/configuration.js';
import { CompanySeed } from '../../src/demo/seed-company.js';
import type { Desk } from '../../src/telephony/live.js';
import { makeFeatures } from '../../src/wiring/web-role.js';
import { emptySnapshot, TEST_PASSWORD, TestSite } from './web.js';

/** Calls that take every order: what pages ask of them is checked before. */
const desk: Desk = { ask: () => Promise.resolve({ ok: true }) };

/** Every page of the product, over the demonstration company: there is something of most kinds with the id 1. */
export async function startHostileSite(): Promise<TestSite> {
  const site = await TestSite.start((parts, users) => makeFeatures(parts, users, parts.live, desk));
  site.parts.live.publish(emptySnapshot(1));
  const configuration = openConfiguration(site.parts.config, makeLogger('error'));
  try {
    await new CompanySeed({
      configuration,
      carrier: {
        ari: { url: 'http://127.0.0.1:1', user: 'carrier', password: 'unused' },
        sipHost: '127.0.0.1',
        sipPort: 5160,
        otherPort: 0,
        trunkUser: 'trunk',
        trunkPassword: 'unused',
        phonePassword: (number) => `of ${number} only`,
      },
      adminPassword: TEST_PASSWORD,
      freshPassword: () => TEST_PASSWORD,
      keep: () => Promise.resolve(),
      made: () => undefined,
    }).run();
  } finally {
    await configuration.close();
  }
  return site;
}
