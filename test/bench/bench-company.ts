import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from '../../src/demo/configuration.js';
import { makeTone, writeWav } from '../../src/demo/tones.js';
import { NEW_QUEUE } from '../../src/features/queues/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { AgentId, ExtensionId, PromptId } from '../../src/kernel/ids.js';
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
}

/** One DID, a greeting with key 1, one queue without wrap-up, and so many agents. Callers come from `trunkPort`. */
export async function makeBenchCompany(
  configuration: Configuration,
  agentCount: number,
  trunkPort: number,
): Promise<readonly BenchAgent[]> {
  await configuration.trunks.createSip(actor, {
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
  const queue = await configuration.queues.create(actor, {
    ...NEW_QUEUE,
    name: 'Bench',
    overflow: { kind: 'hangup' },
    ringTimeoutS: 10,
    wrapUpS: 0,
    maxWaitS: 0,
    maxLength: 0,
    leaveWhenEmpty: false,
    announcement: undefined,
    announceEveryS: 60,
    record: true,
    serviceLevelS: 20,
    members: [],
  });
  const flow = await configuration.flows.create(actor, {
    name: 'Bench',
    definition: {
      start: 'menu',
      steps: {
        menu: {
          kind: 'menu',
          label: 'Greeting',
          prompt: await greeting(configuration),
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
  await configuration.dids.create(actor, {
    number: BENCH_DID,
    name: 'Bench',
    target: { kind: 'flow', id: flow },
    language: 'en',
  });
  const agents: BenchAgent[] = [];
  for (let index = 0; index < agentCount; index++)
    agents.push(await makeAgent(configuration, index, queue));
  return agents;
}

async function makeAgent(
  { extensions, agents }: Configuration,
  index: number,
  queue: number,
): Promise<BenchAgent> {
  const number = String(3001 + index);
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
    queues: [queue as never],
    levels: new Map(),
    login: `bench${number}`,
    role: 'agent',
    language: 'en',
  });
  return { agentId: agent.id, extensionId: phone.id, number, password: phone.password };
}

async function greeting({ prompts }: Configuration): Promise<PromptId> {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-bench-'));
  try {
    const file = join(folder, 'greeting.wav');
    await writeFile(file, writeWav(makeTone(PROMPT_HZ, GREETING_MS, RATE), RATE));
    const none = { text: '', speak: false, remove: false, kept: '' };
    return await prompts.submit(
      actor,
      { id: undefined, version: 0 },
      { name: 'Bench greeting', sounds: { en: none, 'zh-CN': none } },
      { en: file },
      () => undefined,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
