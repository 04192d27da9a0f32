import type { Configuration } from '../../src/demo/configuration.js';
import type { FlowStep } from '../../src/engines/ivr/flow.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { TrunkId } from '../../src/kernel/ids.js';
import { RtpClock } from '../support/rtp.js';
import { Sipp } from '../support/sipp.js';
import { until } from '../support/until.js';
import { BENCH_DID, makeBenchDid, makeBenchPrompt, makeBenchTrunk } from './bench-company.js';
import { note, withSite, type BenchSite } from './bench-site.js';
import { percentiles } from './figures.js';
import { END_KEY, MENU_HZ, MenuCaller } from './menu-caller.js';

/** So many callers stand in menus at once, and each presses so many keys. */
const CALLERS = 100;
const KEYS = 8;
/** All are there before the first one leaves. */
const CALLS_PER_SECOND = 20;
/** Packets of 20 ms between keys: some three seconds, and everybody's own, so that keys do not come together. */
const PATIENCE = { least: 100, spread: 100 };
const END_LIMIT_MS = 40_000;

/**
 * Keys of many callers in menus on the real Asterisk: how long from a key to the first packet of the next prompt. SIPp
 * signals; this process hears and presses.
 */
export const measureMenuCalls = (): Promise<object> => withSite(makeCompany, measure);

async function makeCompany(configuration: Configuration, callerPort: number): Promise<TrunkId> {
  const trunk = await makeBenchTrunk(configuration, callerPort);
  const [one, two] = [
    await makeBenchPrompt(configuration, 'Menu one', MENU_HZ[0]),
    await makeBenchPrompt(configuration, 'Menu two', MENU_HZ[1]),
  ];
  const menu = (label: string, prompt: number, other: string): FlowStep => ({
    ...{ kind: 'menu', label, prompt, timeoutS: 10, retries: 0 },
    ...{ choices: { '1': other, [END_KEY]: 'bye' }, noInput: 'bye', wrongKey: 'bye' },
  });
  const flow = await configuration.flows.create(SYSTEM_ACTOR, {
    name: 'Menus',
    definition: {
      start: 'one',
      steps: {
        one: menu('One', one, 'two'),
        two: menu('Two', two, 'one'),
        bye: { kind: 'hangup', label: 'Bye' },
      },
    },
  });
  await makeBenchDid(configuration, BENCH_DID, { kind: 'flow', id: flow });
  return trunk;
}

async function measure(site: BenchSite, trunk: TrunkId): Promise<object> {
  const { product, callerPort, pbx } = site;
  await isKnown(site, trunk);
  const clock = new RtpClock();
  const callers: MenuCaller[] = [];
  for (let index = 0; index < CALLERS; index++)
    callers.push(
      await MenuCaller.open(`0207946${String(2000 + index)}`, clock, {
        keys: KEYS,
        patience: PATIENCE.least + ((index * 37) % PATIENCE.spread),
      }),
    );
  note(`${String(CALLERS)} callers in menus, ${String(KEYS)} keys each`);
  const sipp = await Sipp.start({
    scenario: 'caller',
    port: callerPort,
    remote: pbx,
    calls: CALLERS,
    callsPerSecond: CALLS_PER_SECOND,
    fields: callers.map((caller) => [caller.number, '', String(caller.line.port), BENCH_DID]),
  });
  const { allGood, errors } = await sipp.ended();
  await product.isIdle(END_LIMIT_MS);
  clock.stop();
  for (const caller of callers) caller.line.close();
  if (!allGood) note(errors);
  const times = callers.flatMap((caller) => caller.keyToPromptMs);
  return {
    callers: CALLERS,
    keys: times.length,
    missing: CALLERS * KEYS - times.length,
    keyToPromptMs: percentiles(times),
  };
}

/** Callers of a trunk that the node does not know yet are asked for a password. */
async function isKnown({ product, callerPort }: BenchSite, trunk: TrunkId): Promise<void> {
  const id = `trunk-${String(trunk)}-127.0.0.1_${String(callerPort)}`;
  const kind = 'res_pjsip/identify';
  await until('the trunk at the node', 20_000, () =>
    product.pbx(`/asterisk/config/dynamic/${kind}/${id}`),
  );
}
