import { after, afterEach, before } from 'mocha';
import { argonHasher } from '../../src/adapters/crypto/password.js';
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { makeLogger } from '../../src/adapters/log/logger.js';
import { Carrier } from '../../src/demo/carrier.js';
import { loadCarrierSettings, type CarrierSettings } from '../../src/demo/carrier-settings.js';
import { openConfiguration, type Configuration } from '../../src/demo/configuration.js';
import { isFinal, KnexCallStories, type CallStory } from '../../src/demo/knex-call-story.js';
import type { Party } from '../../src/demo/party.js';
import { readRecording } from '../../src/demo/read-recording.js';
import type { Sound } from '../../src/demo/tones.js';
import type { FlowDefinition } from '../../src/engines/ivr/flow.js';
import { openRecordingShelf, type Recording } from '../../src/features/recordings/index.js';
import type { AgentState } from '../../src/telephony/live.js';
import {
  DIDS,
  makeLabCompany,
  type LabAgent,
  type LabCompany,
  type LabDid,
} from './lab-company.js';
import { platformUp, setting, type Platform } from './platform.js';
import { Product } from './product.js';
import { until } from './until.js';
import { TEST_PASSWORD, TestClient } from './web.js';

/** The desk phones that the carrier's configuration has. */
const CARRIER_PHONES = ['2001', '2002', '2003', '2004', '2005'];
const PHONES_LIMIT_MS = 30_000;
/** What a caller's tone and a called person's tone are, unless a test says otherwise. */
export const CALLER_HZ = 1000;
export const CALLED_HZ = 600;

/** Everything that a test of calls works with. */
export interface Lab {
  readonly platform: Platform;
  readonly product: Product;
  readonly carrier: Carrier;
  readonly carrierSettings: CarrierSettings;
  readonly company: LabCompany;
  readonly configuration: Configuration;
  readonly stories: KnexCallStories;
}

let shared: Promise<Lab> | undefined;

/**
 * The laboratory of a suite: platform, program and company are started once for all files, and checked after each test:
 * no call, channel, bridge or inbox is left. Call it inside `describe`; the result is filled before the first test.
 */
export function useLab(): Lab {
  const holder: { lab?: Lab } = {};
  before('start the laboratory', async function () {
    this.timeout(180_000);
    holder.lab = await (shared ??= startLab());
  });
  afterEach('nothing is left behind', async function () {
    this.timeout(20_000);
    if (holder.lab) await restore(holder.lab);
  });
  return new Proxy({} as Lab, {
    get: (_target, name) => {
      if (holder.lab === undefined) throw new Error('the laboratory does not run yet');
      return holder.lab[name as keyof Lab];
    },
  });
}

after('stop the laboratory', async function () {
  this.timeout(30_000);
  if (shared === undefined) return;
  const lab = await shared;
  await lab.carrier.close();
  await lab.configuration.close();
  await lab.product.close();
});

async function startLab(): Promise<Lab> {
  const platform = platformUp('e2e');
  const product = await Product.prepare(platform, 'e2e');
  const carrierSettings = loadCarrierSettings({ ...platform.settings });
  const configuration = openConfiguration(product.config, makeLogger('error'));
  const company = await makeLabCompany(configuration, carrierSettings);
  await damageFlow(product, company);
  await product.process.start();
  const carrier = await Carrier.connect(carrierSettings.ari, (reason) => {
    throw new Error(`the carrier is lost: ${reason}`);
  });
  await carrier.sweep();
  await product.nowHas('every desk phone to register', PHONES_LIMIT_MS, (now) =>
    CARRIER_PHONES.every((number) =>
      now.extensions.some((extension) => extension.number === number && extension.registered),
    ),
  );
  const stories = new KnexCallStories(product.database);
  return { platform, product, carrier, carrierSettings, company, configuration, stories };
}

/** No page lets a flow be published that goes round in a circle; a damaged table might hold one. */
async function damageFlow(product: Product, company: LabCompany): Promise<void> {
  const definition: FlowDefinition = {
    start: 'a',
    steps: {
      a: { kind: 'language', label: 'A', language: 'en', next: 'b' },
      b: { kind: 'language', label: 'B', language: 'zh-CN', next: 'a' },
    },
  };
  await product
    .database('ivr_flow_versions')
    .where('flow_id', company.flows.loop)
    .update({ definition: JSON.stringify(definition) });
}

async function restore({ product, carrier, company }: Lab): Promise<void> {
  await product.withoutStandbys();
  if (!product.process.isRunning) await product.process.start();
  await carrier.clear();
  for (const { id } of Object.values(company.agents))
    await product.order({ kind: 'agent-sign-out', agentId: id });
  await product.isIdle();
}

let callers = 0;

/** A caller's number that no other test of this run has: London numbers kept for fiction. */
export const newCaller = (): string => `+442079460${String(300 + callers++)}`;

/** Where the pbx is, as a phone is told: `127.0.0.1:5060`. */
export const pbxAddress = ({ platform }: Lab): string =>
  `${setting(platform, 'CB_PBX_SIP_HOST')}:${setting(platform, 'CB_PBX_SIP_PORT')}`;

/** A call from outside to one of the laboratory's numbers, answered by the pbx, with the caller listening. */
export const callIn = (lab: Lab, did: LabDid, from = newCaller(), name?: string): Promise<Party> =>
  callNumber(lab, DIDS[did], from, name);

/** The same to any number that leads somewhere. */
export async function callNumber(
  lab: Lab,
  to: string,
  from = newCaller(),
  name?: string,
): Promise<Party> {
  const party = await lab.carrier.call({
    to,
    from,
    ...(name === undefined ? {} : { name }),
  });
  await party.answered(8_000);
  await party.listen();
  return party;
}

/** Signs an agent in at the own phone, available, and waits until that counts. */
export async function makeAvailable(lab: Lab, key: LabAgent): Promise<void> {
  const agent = lab.company.agents[key];
  const extensionId = lab.company.extensions.get(agent.extension);
  if (extensionId === undefined) throw new Error(`no extension ${agent.extension}`);
  await lab.product.order({ kind: 'agent-sign-in', agentId: agent.id, extensionId });
  await lab.product.order({ kind: 'agent-available', agentId: agent.id });
  await agentIs(lab, key, 'available');
}

/** The browser of an agent who has signed in to the pages; the phone is another matter. */
export async function pageOf({ product }: Lab, key: LabAgent): Promise<TestClient> {
  await product
    .database('users')
    .where({ login: key })
    .update({
      password_hash: await argonHasher.hash(TEST_PASSWORD),
      must_change_password: false,
    });
  const client = new TestClient(product.url);
  const { status } = await client.signIn(key);
  if (status !== 303) throw new Error(`${key} could not sign in: ${String(status)}`);
  return client;
}

/** Waits until an agent is in a state, as pages show it. */
export async function agentIs(lab: Lab, key: LabAgent, ...states: AgentState[]): Promise<void> {
  const { id, name } = lab.company.agents[key];
  await lab.product.nowHas(`${name} to be ${states.join(' or ')}`, 10_000, (now) =>
    now.agents.some((agent) => agent.id === id && states.includes(agent.state)),
  );
}

/** Both answer and hear each other: each side's tone has arrived at the other. */
export async function talk(caller: Party, called: Party): Promise<void> {
  await called.answer();
  await hear(caller, called);
}

/** The same of two who have answered. `hz`: the tone of the other one. */
export async function hear(one: Party, other: Party, hz = CALLED_HZ): Promise<void> {
  await Promise.all([one.listen(), other.listen()]);
  await Promise.all([one.say(CALLER_HZ), other.say(hz)]);
  await Promise.all([one.ear.waitForTone(hz, 8_000), other.ear.waitForTone(CALLER_HZ, 8_000)]);
}

/** Ann talks with somebody who came by the queue; both have heard each other. */
export async function talkWithAnn(
  lab: Lab,
): Promise<{ readonly from: string; readonly caller: Party; readonly ann: Party }> {
  await makeAvailable(lab, 'ann');
  const rings = lab.carrier.ringsAt('2001', 8_000);
  const from = newCaller();
  const caller = await callIn(lab, 'queue', from);
  const ann = await rings;
  await talk(caller, ann);
  return { from, caller, ann };
}

/** Waits until the only call of a caller is recorded: one that ends before has nothing to keep. */
export async function isRecorded(lab: Lab, from: string): Promise<void> {
  await lab.product.nowHas('the recording', 8_000, (now) =>
    now.calls.some((call) => call.from === from && call.recording),
  );
}

/** Waits until a phone counts as registered, or as gone. */
export async function phoneIs(
  lab: Lab,
  number: string,
  registered: boolean,
  limitMs = 15_000,
): Promise<void> {
  await lab.product.nowHas(
    `${number} to be ${registered ? 'registered' : 'gone'}`,
    limitMs,
    (now) => now.extensions.some((one) => one.number === number && one.registered === registered),
  );
}

/**
 * Tells what is stored on the node that was not there at first, by name: what a killed process had just begun to record in another
 * test may be.
 */
export async function watchStored(lab: Lab): Promise<() => Promise<readonly string[]>> {
  const names = async (): Promise<readonly string[]> =>
    ((await lab.product.pbx('/recordings/stored')) as readonly { readonly name: string }[]).map(
      ({ name }) => name,
    );
  const before = new Set(await names());
  return async () => (await names()).filter((name) => !before.has(name));
}

/** The ledger's word on the only call of a caller: over, and its recordings stored. */
export async function storyOf(lab: Lab, from: string, limitMs = 15_000): Promise<CallStory> {
  let last: readonly CallStory[] = [];
  return until(
    `the ledger of the call from ${from}`,
    limitMs,
    async () => {
      last = await lab.stories.from(from, new Date(0));
      if (last.length > 1) throw new Error(`${from} has ${String(last.length)} calls`);
      return last.find(isFinal);
    },
    () => last.map(({ row, recordings }) => ({ row, recordings })),
  );
}

/** The call's only recording. */
export function onlyRecording({ recordings }: Pick<CallStory, 'recordings'>): Recording {
  const [recording] = recordings;
  if (recording === undefined || recordings.length > 1)
    throw new Error(`${String(recordings.length)} recordings instead of one`);
  return recording;
}

/** Works with a stored recording as it was encoded, whether it is sealed on the disk or not. */
export async function withRecording<T>(
  { product }: Lab,
  recording: Recording,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const { config, database } = product;
  const log = makeLogger('silent');
  const { folder } = openRecordingShelf({ config, database, clock: systemClock, log });
  const result = await folder.withPlain(recording, async (file) => ({ made: await work(file) }));
  if (result === undefined) throw new Error(`the file of ${recording.id} is not there`);
  return result.made;
}

/** The samples of a stored recording. */
export const soundOf = (lab: Lab, recording: Recording): Promise<Sound> =>
  withRecording(lab, recording, readRecording);

/** Kinds of the events, in order. */
export const kindsOf = (story: CallStory): readonly string[] =>
  story.events.map((event) => event.kind);
