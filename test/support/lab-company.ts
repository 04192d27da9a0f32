import { NO_OUTSIDE } from '../../src/features/agents/index.js';
import { NEW_EXTENSION } from '../../src/features/extensions/index.js';
import { PLAIN_TRUNK_RULES } from '../../src/features/trunks/index.js';
import type { RecordingRule } from '../../src/engines/recording/policy.js';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CarrierSettings } from '../../src/demo/carrier-settings.js';
import type { Configuration } from '../../src/demo/configuration.js';
import { makeTone, writeWav } from '../../src/demo/tones.js';
import type { FlowDefinition } from '../../src/engines/ivr/flow.js';
import { NEW_QUEUE } from '../../src/features/queues/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { Language } from '../../src/kernel/call-event.js';
import type {
  AgentId,
  ExtensionId,
  FlowId,
  PromptId,
  QueueId,
  TrunkId,
} from '../../src/kernel/ids.js';
import type { PermissionClass, Target } from '../../src/telephony/directory.js';

const actor = SYSTEM_ACTOR;
const RATE = 8000;

/** Prompts of the laboratory are tones, so that a test knows what it hears. Hz by language, and length. */
export const TONES = {
  menu: { en: 700, 'zh-CN': 800, ms: 2_500 },
  wrong: { en: 1200, 'zh-CN': 1250, ms: 300 },
  closed: { en: 1400, 'zh-CN': 1450, ms: 400 },
  goodbye: { en: 1600, 'zh-CN': 1650, ms: 400 },
  announcement: { en: 1800, 'zh-CN': 1850, ms: 400 },
} as const;
export type LabPrompt = keyof typeof TONES;

const EXTENSIONS: readonly {
  readonly number: string;
  readonly permission: PermissionClass;
  readonly voicemail: boolean;
  readonly callerId?: string;
  readonly recordingInternal?: RecordingRule;
}[] = [
  { number: '2001', permission: 'international', voicemail: true },
  { number: '2002', permission: 'national', voicemail: true, callerId: '+442079460142' },
  { number: '2003', permission: 'local', voicemail: false },
  { number: '2004', permission: 'national', voicemail: true, recordingInternal: 'always' },
  { number: '2005', permission: 'internal', voicemail: false },
  { number: '2101', permission: 'internal', voicemail: false },
  { number: '2102', permission: 'internal', voicemail: true },
];

/** DIDs by what they lead to. */
export const DIDS = {
  menu: '+442079460101',
  menuChinese: '+442079460102',
  closed: '+442079460103',
  open: '+442079460104',
  queue: '+442079460105',
  emptyQueue: '+442079460106',
  reception: '+442079460107',
  loop: '+442079460108',
  patience: '+442079460109',
} as const;
export type LabDid = keyof typeof DIDS;
/** A number that no DID has. */
export const UNKNOWN_DID = '+442079460199';
export const TRUNK_CALLER_ID = '+442079460100';

/** Agents of the laboratory: Ann and Bob answer `main`, Cleo shares Bob's phone. */
const AGENTS = {
  ann: { name: 'Ann', number: '601', extension: '2001', pin: '', queues: ['main', 'patience'] },
  bob: { name: 'Bob', number: '602', extension: '2002', pin: '2468', queues: ['main'] },
  cleo: { name: 'Cleo', number: '603', extension: '2002', pin: '1357', queues: ['main'] },
} as const;
export type LabAgent = keyof typeof AGENTS;
export type LabQueue = 'main' | 'empty' | 'patience';

/** Ids of everything in the laboratory's company. */
export interface LabCompany {
  readonly prompts: Readonly<Record<LabPrompt, PromptId>>;
  readonly extensions: ReadonlyMap<string, ExtensionId>;
  readonly queues: Readonly<Record<LabQueue, QueueId>>;
  readonly agents: Readonly<
    Record<LabAgent, { readonly id: AgentId; readonly extension: string; readonly name: string }>
  >;
  readonly flows: Readonly<Record<'menu' | 'closed' | 'open' | 'loop', FlowId>>;
  readonly trunk: TrunkId;
  phonePassword(number: string): string;
}

/** Sets the laboratory's company up through the services of the set-up pages. */
export async function makeLabCompany(
  configuration: Configuration,
  carrier: CarrierSettings,
): Promise<LabCompany> {
  await configuration.users.create(actor, {
    login: 'admin',
    name: 'Administrator',
    role: 'administrator',
    language: 'en',
    password: LAB_ADMIN_PASSWORD,
    mustChangePassword: false,
  });
  const prompts = await makePrompts(configuration);
  const extensions = await makeExtensions(configuration, carrier);
  const queues = await makeQueues(configuration, prompts, extensions);
  const agents = await makeAgents(configuration, extensions, queues);
  const trunk = await configuration.trunks.createSip(actor, carrierTrunk(carrier));
  const flows = await makeFlows(configuration, { prompts, extensions, queues });
  await makeDids(configuration, { flows, queues, extensions });
  await nameTraining(configuration, prompts);
  return {
    prompts,
    extensions,
    queues,
    agents,
    flows,
    trunk,
    phonePassword: (number) => carrier.phonePassword(number),
  };
}

/** Signs `admin` in. */
export const LAB_ADMIN_PASSWORD = 'four plain words here';

/** The form of the trunk to the carrier Asterisk. */
export const carrierTrunk = (carrier: CarrierSettings) => ({
  ...PLAIN_TRUNK_RULES,
  name: 'Carrier',
  enabled: true,
  priority: 10,
  maxChannels: 0,
  maxIncoming: 0,
  callerId: TRUNK_CALLER_ID,
  host: carrier.sipHost,
  port: carrier.sipPort,
  transport: 'udp' as const,
  username: carrier.trunkUser,
  password: carrier.trunkPassword,
  fromUser: '',
  register: true,
  addresses: [],
  codecs: ['alaw' as const, 'ulaw' as const],
});

/** Agents hear a tone instead of the name of one reason. */
async function nameTraining(
  { notReadyReasons }: Configuration,
  prompts: Readonly<Record<LabPrompt, PromptId>>,
): Promise<void> {
  const all = { search: '', sortBy: 'position', descending: false, archived: false } as const;
  const { rows } = await notReadyReasons.list(actor, { ...all, filters: {}, offset: 0, limit: 50 });
  const training = rows.find((reason) => reason.code === 'training');
  if (training === undefined) throw new Error('no reason training');
  const { id, version } = training;
  await notReadyReasons.save(actor, id, version, { ...training, prompt: prompts.announcement });
}

async function makePrompts({
  prompts,
}: Configuration): Promise<Readonly<Record<LabPrompt, PromptId>>> {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-tones-'));
  const upload = async (frequency: number, ms: number): Promise<string> => {
    const file = join(folder, `${String(frequency)}.wav`);
    await writeFile(file, writeWav(makeTone(frequency, ms, RATE), RATE));
    return file;
  };
  const silent = { text: '', speak: false, remove: false, kept: '' };
  const ids: Partial<Record<LabPrompt, PromptId>> = {};
  try {
    for (const [name, tone] of Object.entries(TONES))
      ids[name as LabPrompt] = await prompts.submit(
        actor,
        { id: undefined, version: 0 },
        { name, sounds: { en: silent, 'zh-CN': silent } },
        {
          en: await upload(tone.en, tone.ms),
          'zh-CN': await upload(tone['zh-CN'], tone.ms),
        },
        () => undefined,
      );
  } finally {
    await rm(folder, { recursive: true });
  }
  return ids as Record<LabPrompt, PromptId>;
}

async function makeExtensions(
  { extensions, secrets }: Configuration,
  carrier: CarrierSettings,
): Promise<ReadonlyMap<string, ExtensionId>> {
  const ids = new Map<string, ExtensionId>();
  for (const { number, permission, voicemail, callerId = '', recordingInternal } of EXTENSIONS)
    ids.set(
      number,
      await extensions.create(actor, {
        ...NEW_EXTENSION,
        number,
        name: `Desk ${number}`,
        permission,
        callerId,
        ...(recordingInternal === undefined ? {} : { recordingInternal }),
        voicemail,
        ringTimeoutS: 5,
        language: 'en',
        secretSealed: secrets.seal(carrier.phonePassword(number)),
      }),
    );
  return ids;
}

const idOf = (extensions: ReadonlyMap<string, ExtensionId>, number: string): ExtensionId => {
  const id = extensions.get(number);
  if (id === undefined) throw new Error(`no extension ${number}`);
  return id;
};

async function makeQueues(
  { queues }: Configuration,
  prompts: Readonly<Record<LabPrompt, PromptId>>,
  extensions: ReadonlyMap<string, ExtensionId>,
): Promise<Readonly<Record<LabQueue, QueueId>>> {
  const base = {
    ...NEW_QUEUE,
    ringTimeoutS: 5,
    wrapUpS: 0,
    maxWaitS: 0,
    maxLength: 0,
    leaveWhenEmpty: false,
    announceEveryS: 15,
    recording: 'always' as const,
    serviceLevelS: 20,
    members: [],
  };
  const mailbox: Target = { kind: 'voicemail', extensionId: idOf(extensions, '2004') };
  return {
    main: await queues.create(actor, { ...base, name: 'Main', overflow: { kind: 'hangup' } }),
    empty: await queues.create(actor, {
      ...base,
      name: 'Empty',
      leaveWhenEmpty: true,
      overflow: mailbox,
    }),
    patience: await queues.create(actor, {
      ...base,
      name: 'Patience',
      maxWaitS: 10,
      announcements: [prompts.announcement],
      overflow: { kind: 'hangup' },
    }),
  };
}

async function makeAgents(
  { agents }: Configuration,
  extensions: ReadonlyMap<string, ExtensionId>,
  queues: Readonly<Record<LabQueue, QueueId>>,
): Promise<LabCompany['agents']> {
  const made = await Promise.all(
    Object.entries(AGENTS).map(async ([key, agent]) => {
      const { id } = await agents.createAgent(actor, {
        name: agent.name,
        number: agent.number,
        pin: agent.pin,
        removePin: false,
        ...NO_OUTSIDE,
        extensionId: idOf(extensions, agent.extension),
        queues: agent.queues.map((queue) => queues[queue]).sort((a, b) => a - b),
        login: key,
        levels: new Map(),
        role: 'agent',
        language: 'en',
      });
      return [key, { id, extension: agent.extension, name: agent.name }] as const;
    }),
  );
  return Object.fromEntries(made) as LabCompany['agents'];
}

async function makeFlows(
  { flows }: Configuration,
  parts: Pick<LabCompany, 'prompts' | 'extensions' | 'queues'>,
): Promise<LabCompany['flows']> {
  const create = (name: string, definition: FlowDefinition): Promise<FlowId> =>
    flows.create(actor, { name, definition });
  return {
    menu: await create('Menu', menuFlow(parts)),
    closed: await create('Closed', hoursFlow(parts, [])),
    open: await create(
      'Open',
      hoursFlow(parts, [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1440 }]),
    ),
    // Made whole first: a flow that goes round in a circle cannot be published.
    loop: await create('Loop', hoursFlow(parts, [])),
  };
}

/** Menu with one second of patience and one repetition. */
function menuFlow({
  prompts,
  extensions,
  queues,
}: Pick<LabCompany, 'prompts' | 'extensions' | 'queues'>): FlowDefinition {
  return {
    start: 'menu',
    steps: {
      menu: {
        kind: 'menu',
        label: 'Menu',
        prompt: prompts.menu,
        wrongPrompt: prompts.wrong,
        timeoutS: 1,
        retries: 1,
        choices: { 1: 'main', 2: 'empty', 3: 'message', 4: 'desk', 5: 'patience', 9: 'chinese' },
        noInput: 'no-input',
        wrongKey: 'goodbye',
      },
      chinese: { kind: 'language', label: '中文', language: 'zh-CN', next: 'menu' },
      main: { kind: 'queue', label: 'Main', queue: queues.main, priority: 0 },
      empty: { kind: 'queue', label: 'Empty', queue: queues.empty, priority: 0 },
      patience: { kind: 'queue', label: 'Patience', queue: queues.patience, priority: 0 },
      message: {
        kind: 'voicemail',
        label: 'Message',
        queue: queues.main,
        greeting: prompts.closed,
      },
      desk: {
        kind: 'extension',
        label: 'Desk 2005',
        extension: idOf(extensions, '2005'),
        noAnswer: 'goodbye',
      },
      'no-input': { kind: 'hangup', label: 'Nothing chosen', prompt: prompts.goodbye },
      goodbye: { kind: 'hangup', label: 'Goodbye', prompt: prompts.goodbye },
    },
  };
}

function hoursFlow(
  { prompts, extensions, queues }: Pick<LabCompany, 'prompts' | 'extensions' | 'queues'>,
  periods: readonly { days: number[]; fromMinute: number; toMinute: number }[],
): FlowDefinition {
  return {
    start: 'hours',
    steps: {
      hours: {
        kind: 'hours',
        label: 'Opening hours',
        periods: [...periods],
        closedDates: [],
        open: 'main',
        closed: 'message',
      },
      main: { kind: 'queue', label: 'Main', queue: queues.main, priority: 0 },
      message: {
        kind: 'voicemail',
        label: 'Closed',
        extension: idOf(extensions, '2004'),
        greeting: prompts.closed,
      },
    },
  };
}

async function makeDids(
  { dids }: Configuration,
  { flows, queues, extensions }: Pick<LabCompany, 'flows' | 'queues' | 'extensions'>,
): Promise<void> {
  const targets: Record<LabDid, Target> = {
    menu: { kind: 'flow', id: flows.menu },
    menuChinese: { kind: 'flow', id: flows.menu },
    closed: { kind: 'flow', id: flows.closed },
    open: { kind: 'flow', id: flows.open },
    queue: { kind: 'queue', id: queues.main },
    emptyQueue: { kind: 'queue', id: queues.empty },
    reception: { kind: 'extension', id: idOf(extensions, '2004') },
    loop: { kind: 'flow', id: flows.loop },
    patience: { kind: 'queue', id: queues.patience },
  };
  for (const [name, target] of Object.entries(targets) as [LabDid, Target][]) {
    const language: Language = name === 'menuChinese' ? 'zh-CN' : 'en';
    await dids.create(actor, { number: DIDS[name], name, target, language });
  }
}
