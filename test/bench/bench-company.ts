import { NO_OUTSIDE } from '../../src/features/agents/index.js';
import { NEW_EXTENSION } from '../../src/features/extensions/index.js';
import { PLAIN_TRUNK_RULES } from '../../src/features/trunks/index.js';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from '../../src/demo/configuration.js';
import { makeTone, writeWav } from '../../src/demo/tones.js';
import { NEW_QUEUE, type QueueDraft } from '../../src/features/queues/index.js';
import type { FlowStep } from '../../src/engines/ivr/flow.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { AgentId, ExtensionId, PromptId, QueueId, TrunkId } from '../../src/kernel/ids.js';
import type { Target } from '../../src/telephony/directory.js';
import { PROMPT_HZ } from './bench-caller.js';

const actor = SYSTEM_ACTOR;
const RATE = 8000;
/** Long enough that the key always interrupts it. */
const GREETING_MS = 8_000;

export const BENCH_DID = '+442079460150';
/** What a welcome sounds like, and for how long. */
const WELCOME_HZ = 850;
const WELCOME_MS = 400;

/** A phone of the benchmark and the agent who sits at it. */
export interface BenchAgent {
  readonly agentId: AgentId;
  readonly extensionId: ExtensionId;
  readonly number: string;
  readonly password: string;
  /** Of the account at the page. */
  readonly login: string;
}

/** Callers come from `trunkPort` of this machine. */
export function makeBenchTrunk(
  { trunks }: Configuration,
  trunkPort: number,
  name = 'Callers',
): Promise<TrunkId> {
  return trunks.createSip(actor, {
    ...PLAIN_TRUNK_RULES,
    name,
    enabled: true,
    priority: 10,
    maxChannels: 0,
    maxIncoming: 0,
    callerId: '',
    host: '127.0.0.1',
    port: trunkPort,
    transport: 'udp',
    username: '',
    password: '',
    fromUser: '',
    register: false,
    addresses: [`127.0.0.1:${String(trunkPort)}`],
    codecs: ['alaw'],
  });
}

/** A queue that nobody is sent away from, recorded, without wrap-up unless `changes` says otherwise. */
export const makeBenchQueue = (
  { queues }: Configuration,
  changes: Partial<QueueDraft> = {},
): Promise<QueueId> =>
  queues.create(actor, {
    ...NEW_QUEUE,
    name: 'Bench',
    overflow: { kind: 'hangup' },
    ringTimeoutS: 10,
    wrapUpS: 0,
    maxWaitS: 0,
    leaveWhenEmpty: false,
    members: [],
    ...changes,
  });

/** A number from outside, and where it leads. */
export async function makeBenchDid(
  { dids }: Configuration,
  number: string,
  target: Target,
): Promise<void> {
  await dids.create(actor, { number, name: `Bench ${number}`, target, language: 'en' });
}

/** So many agents of a queue, each with a phone; `first` is the first phone's number. */
export async function makeBenchAgents(
  configuration: Configuration,
  queue: QueueId,
  count: number,
  first: number,
): Promise<readonly BenchAgent[]> {
  const agents: BenchAgent[] = [];
  for (let index = 0; index < count; index++)
    agents.push(await makeAgent(configuration, String(first + index), queue));
  return agents;
}

/**
 * One DID, a greeting with key 1, one queue without wrap-up, and so many agents; with `welcome`, a short one that is played
 * to its end comes before the greeting.
 */
export async function makeBenchCompany(
  configuration: Configuration,
  agentCount: number,
  trunkPort: number,
  welcome = false,
): Promise<readonly BenchAgent[]> {
  await makeBenchTrunk(configuration, trunkPort);
  const queue = await makeBenchQueue(configuration);
  const flow = await configuration.flows.create(actor, {
    name: 'Bench',
    definition: {
      start: welcome ? 'welcome' : 'menu',
      steps: {
        ...(welcome ? { welcome: await welcomeStep(configuration) } : {}),
        menu: {
          kind: 'menu',
          label: 'Greeting',
          prompt: await makeBenchPrompt(configuration, 'Bench greeting', PROMPT_HZ),
          timeoutS: 5,
          retries: 0,
          choices: { 1: 'line' },
          noInput: 'bye',
          wrongKey: 'bye',
        },
        line: { kind: 'queue', label: 'Bench', queue, priority: 0 },
        bye: { kind: 'hangup', label: 'Bye' },
      },
    },
  });
  await makeBenchDid(configuration, BENCH_DID, { kind: 'flow', id: flow });
  return makeBenchAgents(configuration, queue, agentCount, 3001);
}

const welcomeStep = async (configuration: Configuration): Promise<FlowStep> => ({
  kind: 'play',
  label: 'Welcome',
  prompt: await makeBenchPrompt(configuration, 'Bench welcome', WELCOME_HZ, WELCOME_MS),
  bargeIn: false,
  next: 'menu',
});

/** The sounds of this company as files, for what plays them without the program. */
export const benchSounds = (): { readonly welcome: Buffer; readonly greeting: Buffer } => ({
  welcome: writeWav(makeTone(WELCOME_HZ, WELCOME_MS, RATE), RATE),
  greeting: writeWav(makeTone(PROMPT_HZ, GREETING_MS, RATE), RATE),
});

async function makeAgent(
  { extensions, agents }: Configuration,
  number: string,
  queue: QueueId,
): Promise<BenchAgent> {
  const phone = await extensions.createPhone(actor, {
    ...NEW_EXTENSION,
    number,
    name: `Bench ${number}`,
    permission: 'internal',
    callerId: '',
    voicemail: false,
    ringTimeoutS: 10,
    language: 'en',
  });
  const agent = await agents.createAgent(actor, {
    name: `Bench ${number}`,
    number,
    pin: '',
    removePin: false,
    ...NO_OUTSIDE,
    extensionId: phone.id,
    queues: [queue],
    levels: new Map(),
    login: `bench${number}`,
    role: 'agent',
    language: 'en',
  });
  return {
    agentId: agent.id,
    extensionId: phone.id,
    number,
    password: phone.password,
    login: agent.login,
  };
}

/** A prompt that is a tone; longer than anybody listens. */
export async function makeBenchPrompt(
  { prompts }: Configuration,
  name: string,
  hertz: number,
  ms = GREETING_MS,
): Promise<PromptId> {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-bench-'));
  try {
    const file = join(folder, 'greeting.wav');
    await writeFile(file, writeWav(makeTone(hertz, ms, RATE), RATE));
    const none = { text: '', speak: false, remove: false, kept: '' };
    return await prompts.submit(
      actor,
      { id: undefined, version: 0 },
      { name, sounds: { en: none, 'zh-CN': none } },
      { en: file },
      () => undefined,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
