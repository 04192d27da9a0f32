import type { CarrierSettings } from '../../src/demo/carrier-settings.js';
import type { Configuration } from '../../src/demo/configuration.js';
import { NO_OUTSIDE } from '../../src/features/agents/index.js';
import { NEW_CONFERENCE } from '../../src/features/conferences/index.js';
import { NEW_EXTENSION } from '../../src/features/extensions/index.js';
import { NEW_QUEUE } from '../../src/features/queues/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { AgentId, ConferenceId, ExtensionId, QueueId } from '../../src/kernel/ids.js';
import type { Target } from '../../src/telephony/directory.js';
import { makeLabCompany, type LabCompany } from '../support/lab-company.js';

/** Numbers of the chaos company, by where they lead. */
export const CHAOS_DIDS = {
  menu: '+442079460111',
  talks: '+442079460112',
  offers: '+442079460113',
  room: '+442079460114',
  churn: '+442079460115',
} as const;

/** Phones of the carrier by what happens at them; those behind the last belong to the churn. */
const PHONES = { talks: ['2001', '2002', '2003'], offers: ['2004'], campaign: ['2005'] } as const;
const FIRST_CHURN_PHONE = 2006;
/** Rings longer than any round lasts. */
const LONG_RING_S = 120;
/** A menu that is heard again and again, for longer than any round lasts. */
const MENU = { timeoutS: 5, retries: 9 };

export interface ChaosAgent {
  readonly id: AgentId;
  readonly phone: string;
  readonly extensionId: ExtensionId;
}

/** A queue and those who answer its calls. */
export interface ChaosTeam {
  readonly queue: QueueId;
  readonly agents: readonly ChaosAgent[];
}

export type TeamName = 'talks' | 'offers' | 'campaign' | 'churn';

export interface ChaosCompany extends LabCompany {
  readonly teams: Readonly<Record<TeamName, ChaosTeam>>;
  readonly room: ConferenceId;
}

/** Everybody who answers calls. */
export const agentsOf = ({ teams }: ChaosCompany): readonly ChaosAgent[] =>
  Object.values(teams).flatMap(({ agents }) => agents);

/** The laboratory's company with teams of its own; `phones`: how many desk phones the carrier has, at least 5. */
export async function makeChaosCompany(
  configuration: Configuration,
  carrier: CarrierSettings,
  phones: number,
): Promise<ChaosCompany> {
  const lab = await makeLabCompany(configuration, carrier);
  const churnPhones = Array.from({ length: Math.max(0, phones - 5) }, (_, index) =>
    String(FIRST_CHURN_PHONE + index),
  );
  const extensions = new Map(lab.extensions);
  for (const number of churnPhones)
    extensions.set(
      number,
      await configuration.extensions.create(SYSTEM_ACTOR, {
        ...{ ...NEW_EXTENSION, number, name: `Desk ${number}`, permission: 'internal' },
        ...{ callerId: '', voicemail: false, ringTimeoutS: 10, language: 'en' },
        secretSealed: configuration.secrets.seal(carrier.phonePassword(number)),
      }),
    );
  const team = (name: string, numbers: readonly string[], ringTimeoutS: number, first: number) =>
    makeTeam(configuration, { name, numbers, ringTimeoutS, first, extensions });
  const teams = {
    talks: await team('Talks', PHONES.talks, 20, 710),
    offers: await team('Offers', PHONES.offers, LONG_RING_S, 720),
    campaign: await team('Campaign', PHONES.campaign, 20, 730),
    churn: await team('Churn', churnPhones, 10, 740),
  };
  const room = await configuration.conferences.createRoom(SYSTEM_ACTOR, {
    ...{ ...NEW_CONFERENCE, name: 'Chaos', number: '8111', announces: 'none', records: 'always' },
  });
  await makeDids(configuration, lab, teams, room);
  return { ...lab, extensions, teams, room };
}

async function makeTeam(
  { queues, agents: service }: Configuration,
  of: {
    readonly name: string;
    readonly numbers: readonly string[];
    readonly ringTimeoutS: number;
    /** The first agent's number. */
    readonly first: number;
    readonly extensions: ReadonlyMap<string, ExtensionId>;
  },
): Promise<ChaosTeam> {
  const queue = await queues.create(SYSTEM_ACTOR, {
    ...{ ...NEW_QUEUE, name: of.name, ringTimeoutS: of.ringTimeoutS, wrapUpS: 0, maxWaitS: 0 },
    ...{ maxLength: 0, leaveWhenEmpty: false, announcement: undefined, announceEveryS: 0 },
    ...{ recording: 'always', serviceLevelS: 20, members: [], overflow: { kind: 'hangup' } },
    missesUntilNotReady: 0,
  });
  const agents: ChaosAgent[] = [];
  for (const [index, phone] of of.numbers.entries()) {
    const extensionId = of.extensions.get(phone);
    if (extensionId === undefined) throw new Error(`no extension ${phone}`);
    const { id } = await service.createAgent(SYSTEM_ACTOR, {
      ...{ name: `${of.name} ${String(index)}`, number: String(of.first + index) },
      ...{ pin: '', removePin: false, ...NO_OUTSIDE, extensionId, queues: [queue] },
      ...{ login: `${of.name.toLowerCase()}${String(index)}`, levels: new Map() },
      ...{ role: 'agent', language: 'en' },
    });
    agents.push({ id, phone, extensionId });
  }
  return { queue, agents };
}

async function makeDids(
  { flows, dids }: Configuration,
  { prompts }: LabCompany,
  teams: ChaosCompany['teams'],
  room: ConferenceId,
): Promise<void> {
  const menu = await flows.create(SYSTEM_ACTOR, {
    name: 'Chaos menu',
    definition: {
      start: 'menu',
      steps: {
        menu: {
          ...{ kind: 'menu', label: 'Menu', prompt: prompts.menu, wrongPrompt: prompts.wrong },
          ...{ ...MENU, choices: { 1: 'churn' }, noInput: 'bye', wrongKey: 'bye' },
        },
        churn: { kind: 'queue', label: 'Churn', queue: teams.churn.queue, priority: 0 },
        bye: { kind: 'hangup', label: 'Bye', prompt: prompts.goodbye },
      },
    },
  });
  const targets: Record<keyof typeof CHAOS_DIDS, Target> = {
    menu: { kind: 'flow', id: menu },
    talks: { kind: 'queue', id: teams.talks.queue },
    offers: { kind: 'queue', id: teams.offers.queue },
    room: { kind: 'conference', id: room },
    churn: { kind: 'queue', id: teams.churn.queue },
  };
  for (const [name, target] of Object.entries(targets))
    await dids.create(SYSTEM_ACTOR, {
      ...{ number: CHAOS_DIDS[name as keyof typeof CHAOS_DIDS], name: `Chaos ${name}`, target },
      language: 'en',
    });
}
