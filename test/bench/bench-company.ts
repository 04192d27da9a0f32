import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from '../../src/demo/configuration.js';
import { makeTone, writeWav } from '../../src/demo/tones.js';
import { NEW_QUEUE, type QueueDraft } from '../../src/features/queues/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { AgentId, ExtensionId, PromptId, QueueId, TrunkId } from '../../src/kernel/ids.js';
import type { Target } from '../../src/telephony/directory.js';
import { PROMPT_HZ } from './bench-caller.js';

const actor = SYSTEM_ACTOR;
const RATE = 8000;
/** Long enough that the key always interrupts it. */
const GREETING_MS = 8_000;

export const BENCH_DID = '+442079460150';

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
export function makeBenchTrunk({ trunks }: Configuration, trunkPort: number): Promise<TrunkId> {
  return trunks.createSip(actor, {
    name: 'Callers',
    enabled: true,
    priority: 10,
    maxChannels: 0,
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

/** One DID, a greeting with key 1, one queue without wrap-up, and so many agents. */
export async function makeBenchCompany(
  configuration: Configuration,
  agentCount: number,
  trunkPort: number,
): Promise<readonly BenchAgent[]> {
  await makeBenchTrunk(configuration, trunkPort);
  const queue = await makeBenchQueue(configuration);
  const flow = await configuration.flows.create(actor, {
    name: 'Bench',
    definition: {
      start: 'menu',
      steps: {
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

async function makeAgent(
  { extensions, agents }: Configuration,
  number: string,
  queue: QueueId,
): Promise<BenchAgent> {
  const phone = await extensions.createPhone(actor, {
    number,
    name: `Bench ${number}`,
    permission: 'internal',
    callerId: '',
    recordInternal: false,
    voicemail: false,
    ringTimeoutS: 10,
    language: 'en',
  });
  const agent = await agents.createAgent(actor, {
    name: `Bench ${number}`,
    number,
    pin: '',
    removePin: false,
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
): Promise<PromptId> {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-bench-'));
  try {
    const file = join(folder, 'greeting.wav');
    await writeFile(file, writeWav(makeTone(hertz, GREETING_MS, RATE), RATE));
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
