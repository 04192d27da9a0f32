import type { Party } from '../../src/demo/party.js';
import type { CampaignId } from '../../src/kernel/ids.js';
import { TONES } from '../support/lab-company.js';
import { makeCampaign, setState } from '../support/outbound-lab.js';
import { CHAOS_DIDS, type ChaosAgent } from './company.js';
import { note, type ChaosSite } from './site.js';
import { nextCaller, WatchedCall } from './watched-call.js';

/** Tones of the talks: each caller and each agent has one of its own, so that whoever is put through wrongly is noticed. */
const CALLERS_HZ = [1000, 1100, 1300];
const AGENTS_HZ = [550, 600, 650];
const ROOM_HZ = [400, 850, 1500];
const CAMPAIGN_HZ = { person: 950, agent: 500 };
const WAITING = 4;
const IN_MENU = 2;
const STEP_LIMIT_MS = 25_000;
/** Numbers of a campaign: the first talks, the second is busy, the third talks when the first is over. */
const CAMPAIGN_ENDS = ['00', '01', '20'];

/** A campaign of this round, what it called, and who answered. */
export interface SceneCampaign {
  readonly id: CampaignId;
  readonly numbers: readonly string[];
  readonly person: Party;
  readonly agent: Party;
  /** The next person who is called and answers, with the agent who has answered for it. */
  readonly next: Promise<{ readonly person: Party; readonly agent: Party }>;
  mayEnd: boolean;
  isDropped: boolean;
  /** Nobody of it answers any more. */
  readonly undo: () => void;
}

/** Calls in every stage at once, each of which is to outlive what the round does. */
export interface Scene {
  readonly talks: readonly WatchedCall[];
  /** One of the talks: its agent has put the caller on hold. */
  readonly held: WatchedCall;
  readonly waiting: readonly WatchedCall[];
  readonly offered: WatchedCall;
  readonly menus: readonly WatchedCall[];
  readonly room: readonly WatchedCall[];
  readonly campaign: SceneCampaign;
  readonly setAt: number;
}

export const callsOf = (scene: Scene): readonly WatchedCall[] => [
  ...scene.talks,
  ...scene.waiting,
  scene.offered,
  ...scene.menus,
  ...scene.room,
];

/** A caller calls one of the company's numbers, and is answered by the pbx. */
export async function callIn(
  { carrier }: Pick<ChaosSite, 'carrier'>,
  what: keyof typeof CHAOS_DIDS,
  limitMs = STEP_LIMIT_MS,
): Promise<WatchedCall> {
  const from = nextCaller();
  const call = new WatchedCall(what, from, await carrier.call({ to: CHAOS_DIDS[what], from }));
  await call.caller.answered(limitMs);
  return call;
}

/** The next of these phones that rings. */
export function nextRing(
  { carrier }: Pick<ChaosSite, 'carrier'>,
  agents: readonly ChaosAgent[],
  limitMs = STEP_LIMIT_MS,
): Promise<Party> {
  return new Promise((resolve, reject) => {
    const undo: (() => void)[] = [];
    const end = (): void => {
      clearTimeout(timer);
      for (const one of undo) one();
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`none of ${agents.map(({ phone }) => phone).join(', ')} rang`));
    }, limitMs);
    for (const { phone } of agents)
      undo.push(
        carrier.at(phone, async (party) => {
          end();
          await party.ring();
          resolve(party);
        }),
      );
  });
}

/** Everybody at work, calls in every stage. */
export async function setScene(site: ChaosSite, round: number): Promise<Scene> {
  const [talks, offered, menus, room, campaign] = await Promise.all([
    setTalks(site),
    setOffered(site),
    Promise.all(Array.from({ length: IN_MENU }, () => setMenu(site))),
    setRoom(site),
    setCampaign(site, round),
  ]);
  const waiting: WatchedCall[] = [];
  for (let place = 0; place < WAITING; place++) {
    const call = await callIn(site, 'talks');
    waiting.push(call);
    await site.product.nowHas('the caller in line', STEP_LIMIT_MS, () =>
      lineOf(site).includes(call.from),
    );
  }
  const [held] = talks;
  if (held?.talk === undefined) throw new Error('nobody talks');
  await held.talk.called.hold();
  return { talks, held, waiting, offered, menus, room, campaign, setAt: Date.now() };
}

/** Who waits for the agents of the talks, in order. */
export const lineOf = ({ product, company }: ChaosSite): readonly string[] => {
  const queue = product.now.queues.find(({ id }) => id === company.teams.talks.queue);
  return [...(queue?.waiting ?? [])].sort((a, b) => a.place - b.place).map(({ from }) => from);
};

async function setTalks(site: ChaosSite): Promise<readonly WatchedCall[]> {
  const { agents } = site.company.teams.talks;
  const calls: WatchedCall[] = [];
  for (const index of agents.keys()) {
    const rings = nextRing(site, agents);
    const call = await callIn(site, 'talks');
    call.isRecorded = true;
    await putThrough(call, await rings, CALLERS_HZ[index] ?? 1000, AGENTS_HZ[index] ?? 600);
    calls.push(call);
  }
  return calls;
}

/** The called one answers, and both hear each other. */
export async function putThrough(
  call: WatchedCall,
  called: Party,
  callerHz: number,
  calledHz: number,
): Promise<void> {
  await called.answer();
  await Promise.all([call.caller.listen(), called.listen()]);
  await Promise.all([call.caller.say(callerHz), called.say(calledHz)]);
  await Promise.all([
    call.caller.ear.waitForTone(calledHz, STEP_LIMIT_MS),
    called.ear.waitForTone(callerHz, STEP_LIMIT_MS),
  ]);
  call.talks(called, callerHz, calledHz);
}

async function setOffered(site: ChaosSite): Promise<WatchedCall> {
  // Nobody picks up, however often it rings: the next process offers the call anew.
  const rung = site.company.teams.offers.agents.map(
    ({ phone }) =>
      new Promise<void>((resolve) => {
        site.carrier.at(phone, async (party) => {
          await party.ring();
          resolve();
        });
      }),
  );
  const call = await callIn(site, 'offers');
  await Promise.race(rung);
  return call;
}

async function setMenu(site: ChaosSite): Promise<WatchedCall> {
  const call = await callIn(site, 'menu');
  await call.caller.listen();
  await call.caller.ear.waitForTone(TONES.menu.en, STEP_LIMIT_MS);
  return call;
}

async function setRoom(site: ChaosSite): Promise<readonly WatchedCall[]> {
  const members: WatchedCall[] = [];
  for (const hz of ROOM_HZ) {
    const call = await callIn(site, 'room');
    await call.caller.listen();
    await call.caller.say(hz);
    members.push(call);
  }
  for (const [index, { caller }] of members.entries())
    for (const hz of othersInRoom(index)) await caller.ear.waitForTone(hz, STEP_LIMIT_MS);
  return members;
}

/** What a member of the room hears: everybody else. */
export const othersInRoom = (index: number): readonly number[] =>
  ROOM_HZ.filter((_, other) => other !== index);

async function setCampaign(site: ChaosSite, round: number): Promise<SceneCampaign> {
  const { queue, agents } = site.company.teams.campaign;
  const numbers = CAMPAIGN_ENDS.map((end) => `+44207946${String(40 + (round % 60))}${end}`);
  const id = await makeCampaign(site, `Chaos ${String(round)} ${String(Date.now())}`, {
    queue,
    numbers,
  });
  const [first = ''] = numbers;
  const answered = site.carrier.ringsAt(first, STEP_LIMIT_MS);
  const rings = nextRing(site, agents);
  await setState(site, id, 'running');
  const person = await answered;
  await person.answer();
  const agent = await rings;
  await agent.answer();
  await Promise.all([person.listen(), agent.listen()]);
  await Promise.all([person.say(CAMPAIGN_HZ.person), agent.say(CAMPAIGN_HZ.agent)]);
  await Promise.all([
    person.ear.waitForTone(CAMPAIGN_HZ.agent, STEP_LIMIT_MS),
    agent.ear.waitForTone(CAMPAIGN_HZ.person, STEP_LIMIT_MS),
  ]);
  const campaign: SceneCampaign = {
    ...{ id, numbers, person, agent, mayEnd: false, isDropped: false },
    ...answerNext(site, numbers.at(-1) ?? '', agents),
  };
  for (const party of [person, agent])
    void party.endsWithin(600_000).then((ended) => {
      if (ended && !campaign.mayEnd) campaign.isDropped = true;
    });
  return campaign;
}

/** From now on the last number answers, and so do the agents' phones: both are given once both have. */
function answerNext(
  { carrier }: ChaosSite,
  number: string,
  agents: readonly ChaosAgent[],
): Pick<SceneCampaign, 'next' | 'undo'> {
  const undo: (() => void)[] = [];
  const answering = (at: string): Promise<Party> =>
    new Promise((resolve) => {
      undo.push(
        carrier.at(at, async (party) => {
          await party.ring();
          await party.answer();
          resolve(party);
        }),
      );
    });
  const person = answering(number);
  const agent = Promise.race(agents.map(({ phone }) => answering(phone)));
  return {
    next: Promise.all([person, agent]).then(([one, other]) => ({ person: one, agent: other })),
    undo: () => {
      for (const stop of undo) stop();
    },
  };
}

/** Whether both of the campaign's talk are heard now. */
export async function campaignIsHeard({ person, agent }: SceneCampaign): Promise<boolean> {
  try {
    await Promise.all([
      person.ear.waitForTone(CAMPAIGN_HZ.agent, 3_000),
      agent.ear.waitForTone(CAMPAIGN_HZ.person, 3_000),
    ]);
    return true;
  } catch (error) {
    note(`  campaign: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
