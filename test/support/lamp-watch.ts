import { freePort } from './free-port.js';
import type { Lab } from './lab.js';
import { setting } from './platform.js';
import { LOGS, Sipp } from './sipp.js';

/** An extension whose phone is SIPp. */
export const WATCHER = '2101';

/** A lamp key that watches something: `ended` tells whether it saw what its scenario expects. */
export async function watchLamp(
  { platform, company }: Lab,
  what: string,
  scenario: 'watch' | 'watch-on-off' = 'watch',
): Promise<Sipp> {
  const password = company.phonePassword(WATCHER);
  const sipp = await Sipp.start({
    scenario,
    port: await freePort(),
    remote: `${setting(platform, 'CB_PBX_SIP_HOST')}:${setting(platform, 'CB_PBX_SIP_PORT')}`,
    fields: [[WATCHER, `[authentication username=${WATCHER} password=${password}]`, what]],
    calls: 1,
    more: LOGS,
  });
  await sipp.noted('watches');
  return sipp;
}
