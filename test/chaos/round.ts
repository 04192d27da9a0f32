import { carriesTone } from '../../src/demo/tones.js';
import type { Party } from '../../src/demo/party.js';
import { TONES } from '../support/lab-company.js';
import { setState } from '../support/outbound-lab.js';
import { until } from '../support/until.js';
import { Churn } from './churn.js';
import { agentsOf } from './company.js';
import { FAULTS, type Fault, type FaultKind } from './faults.js';
import { checkCampaign, checkLedger } from './ledger-check.js';
import { firstService, type Service } from './probe.js';
import {
  callIn,
  callsOf,
  campaignIsHeard,
  lineOf,
  nextRing,
  othersInRoom,
  putThrough,
  setScene,
  type Scene,
} from './scene.js';
import { note, type ChaosSite } from './site.js';
import type { WatchedCall } from './watched-call.js';

/** Agents must match the living calls this long after service is back. */
const AGENTS_LIMIT_MS = 5_000;
/** In the last part of that time a look must find the match: calls of the churn come and go meanwhile. */
const AGENTS_LOOK_MS = 3_000;
const HEARD_LIMIT_MS = 4_000;
const CHURN_CALLERS = 3;
const IDLE_LIMIT_MS = 30_000;
const CAMPAIGN_LIMIT_MS = 45_000;

/** What a round found. All but the last two are to be 0. */
export interface Findings {
  talksDropped: number;
  placesLost: number;
  ledgerLost: number;
  ledgerDoubled: number;
  recordingsLost: number;
  agentsStuck: number;
  calls: number;
  secondsToService: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One round: calls in every stage, one thing that fails, and what became of everybody. */
export class Round {
  readonly #remarks: string[] = [];
  readonly #fault: Fault;
  readonly #carried = new Map<string, number>();
  #calls: WatchedCall[] = [];
  #dropped = 0;
  #places = 0;

  constructor(
    private readonly site: ChaosSite,
    private readonly kind: FaultKind,
    private readonly number: number,
  ) {
    this.#fault = FAULTS[kind];
  }

  async run(): Promise<Findings> {
    const { site } = this;
    const stopListening = site.carrier.ari.listen((event) => {
      const [kind, number = ''] = event.type === 'StasisStart' ? event.args : [];
      if (kind === 'pbx') this.#carried.set(number, (this.#carried.get(number) ?? 0) + 1);
    });
    await this.#seatAll();
    const scene = await setScene(site, this.number);
    const churn = new Churn(site, CHURN_CALLERS);
    await pause(site.chance.between(500, 4_000));
    const { service, stuck } = await this.#strike(scene, churn);
    if (this.#fault.endsCalls === true) await this.#afterEnd(scene, churn);
    else await this.#stillThere(scene, churn);
    await this.#campaignGoesOn(scene);
    const calls = [...callsOf(scene), ...churn.calls, ...service.calls, ...this.#calls];
    for (const call of calls.filter(({ isDropped }) => isDropped))
      this.#drop(`${call.what} ${call.from} ended, and nobody hung up`);
    if (scene.campaign.isDropped) this.#drop('the talk of the campaign ended');
    const ledger = await checkLedger(site, calls, this.#fault);
    const campaign = await checkCampaign(site, scene.campaign, this.#carried);
    await setState(site, scene.campaign.id, 'stopped');
    stopListening();
    this.#remarks.push(...ledger.remarks, ...campaign.remarks);
    for (const remark of this.#remarks) note(`  ${remark}`);
    return {
      talksDropped: this.#dropped,
      placesLost: this.#places,
      ledgerLost: ledger.ledgerLost + campaign.ledgerLost,
      ledgerDoubled: ledger.ledgerDoubled + campaign.ledgerDoubled,
      recordingsLost: ledger.recordingsLost,
      agentsStuck: stuck,
      calls: calls.length,
      secondsToService: Math.round(service.ms / 100) / 10,
    };
  }

  #drop(remark: string): void {
    this.#dropped += 1;
    this.#remarks.push(remark);
  }

  async #seatAll(): Promise<void> {
    const { product, company } = this.site;
    for (const { id, extensionId } of agentsOf(company)) {
      await product.order({ kind: 'agent-sign-in', agentId: id, extensionId });
      await product.order({ kind: 'agent-available', agentId: id });
    }
    await product.nowHas('every agent', 10_000, (now) =>
      agentsOf(company).every(({ id }) =>
        now.agents.some((agent) => agent.id === id && agent.state === 'available'),
      ),
    );
  }

  /** The fault itself; resolves when service is back and the agents have had their time. */
  async #strike(scene: Scene, churn: Churn): Promise<{ service: Service; stuck: number }> {
    const { site } = this;
    let service: Promise<Service> | undefined;
    let backAt = Date.now();
    const back = (): void => {
      backAt = Date.now();
      service = firstService(site);
    };
    await this.#fault.strike(site, back, () => {
      this.#breakAll(scene, churn);
    });
    const struck = Date.now();
    if (service === undefined) throw new Error(`${this.kind} never came back`);
    const served = await service;
    const from = Math.max(struck, backAt + served.ms);
    return { service: served, stuck: await this.#stuckAgents(from) };
  }

  /** The pbx is no more: those outside hang up. */
  #breakAll(scene: Scene, churn: Churn): void {
    scene.campaign.mayEnd = true;
    for (const call of callsOf(scene)) call.release();
    churn.break();
    for (const party of this.site.carrier.parties) void party.hangUp();
  }

  /** How many agents did not match the living calls at any look in the last part of their time. */
  async #stuckAgents(from: number): Promise<number> {
    const { site } = this;
    const unseen = new Map(agentsOf(site.company).map((agent) => [agent.id, agent]));
    await pause(Math.max(0, from + AGENTS_LIMIT_MS - AGENTS_LOOK_MS - Date.now()));
    while (Date.now() < from + AGENTS_LIMIT_MS && unseen.size > 0) {
      for (const { id, phone } of unseen.values())
        if (site.product.live.receivedAt > from && this.#matches(id, phone)) unseen.delete(id);
      await pause(100);
    }
    for (const { id, phone } of unseen.values()) {
      const state = site.product.now.agents.find((agent) => agent.id === id)?.state;
      this.#remarks.push(
        `agent at ${phone} is ${String(state)}, the phone ${this.#partyAt(phone)?.progress ?? 'idle'}`,
      );
    }
    return unseen.size;
  }

  #partyAt(phone: string): Party | undefined {
    return this.site.carrier.parties.find(
      (party) => party.number === phone && party.progress !== 'ended',
    );
  }

  #matches(id: number, phone: string): boolean {
    const state = this.site.product.now.agents.find((agent) => agent.id === id)?.state;
    switch (this.#partyAt(phone)?.progress) {
      case 'up':
        return state === 'talking';
      case 'ringing':
      case 'trying':
      case 'early':
        return state === 'ringing';
      case 'ended':
      case undefined:
        return state === 'available' || state === 'wrap-up';
    }
  }

  /** Nobody has hung up: everybody must be where they were. */
  async #stillThere(scene: Scene, churn: Churn): Promise<void> {
    await churn.stop();
    await this.#talksGoOn(scene);
    await this.#roomGoesOn(scene);
    await this.#menusGoOn(scene);
    await this.#offeredIsServed(scene);
    await this.#lineIsServed(scene);
    for (const call of [...scene.talks, ...scene.room]) await call.hangUp('caller');
  }

  async #hears({ ear, number }: Party, hz: number, what: string): Promise<boolean> {
    const quiet = ear.now();
    try {
      await ear.waitForTone(hz, HEARD_LIMIT_MS);
      return true;
    } catch {
      const heard = ear.samples().subarray(Math.max(0, quiet * 8 - 8_000));
      const other = [...ROOM_AND_TALK_HZ].filter((one) => carriesTone(heard, 8_000, one));
      this.#drop(
        `${what}: ${number} does not hear ${String(hz)} Hz, but ${other.join(' ') || '-'}`,
      );
      return false;
    }
  }

  async #talksGoOn({ talks, held }: Scene): Promise<void> {
    if (held.isUp) {
      if (!(await this.#heldHears(held))) this.#drop('whoever is on hold hears nothing');
      await held.talk?.called.resume();
    }
    for (const { talk, caller, isUp } of talks) {
      if (!isUp || talk === undefined) continue;
      await this.#hears(caller, talk.calledHz, 'talk');
      await this.#hears(talk.called, talk.callerHz, 'talk');
    }
  }

  #heldHears({ caller }: WatchedCall): Promise<boolean> {
    return caller.ear.waitForSound(HEARD_LIMIT_MS).then(
      () => true,
      () => false,
    );
  }

  async #roomGoesOn({ room }: Scene): Promise<void> {
    for (const [index, { caller, isUp }] of room.entries())
      if (isUp) for (const hz of othersInRoom(index)) await this.#hears(caller, hz, 'room');
  }

  async #menusGoOn({ menus }: Scene): Promise<void> {
    for (const call of menus) {
      if (!call.isUp) continue;
      // The menu is said again after its time for keys.
      const heard = await call.caller.ear.waitForTone(TONES.menu.en, 12_000).then(
        () => true,
        () => false,
      );
      if (!heard) this.#drop(`menu: ${call.from} hears it no more`);
      else {
        call.release();
        await call.caller.press('9');
        await this.#hears(call.caller, TONES.wrong.en, 'menu');
      }
      await call.hangUp('caller');
    }
  }

  async #offeredIsServed({ offered }: Scene): Promise<void> {
    const { company } = this.site;
    if (!offered.isUp) return;
    const [agent] = company.teams.offers.agents;
    const party = await until('the phone to ring', 10_000, () =>
      agent === undefined ? undefined : this.#partyAt(agent.phone),
    ).catch(() => undefined);
    if (party === undefined) {
      this.#drop('whoever was offered rings at nobody');
      await offered.hangUp('caller');
      return;
    }
    await this.#serve(offered, party);
  }

  /** The agent picks up, both hear each other, the agent hangs up; `before`: just before that. */
  async #serve(call: WatchedCall, party: Party, before: () => void = () => undefined) {
    try {
      call.isRecorded = true;
      await putThrough(call, party, 1_700, 750);
      await pause(1_500);
    } catch (error) {
      this.#drop(`${call.from}: ${error instanceof Error ? error.message : String(error)}`);
    }
    before();
    await call.hangUp('called');
  }

  async #lineIsServed({ waiting, talks }: Scene): Promise<void> {
    const { site } = this;
    const expected = waiting.filter(({ isUp }) => isUp);
    const order = lineOf(site).filter((from) => expected.some((call) => call.from === from));
    this.#compare('in line', expected, order);
    const served: string[] = [];
    // Before an agent becomes free: the next in line rings in the same moment.
    const next = (): Promise<Party | undefined> =>
      nextRing(site, site.company.teams.talks.agents, 15_000).catch(() => undefined);
    let rings = next();
    await talks[0]?.hangUp('called');
    for (const [index] of expected.entries()) {
      const party = await rings;
      const call = expected.find(({ from }) => from === party?.shown.number);
      if (party === undefined || call === undefined) {
        this.#drop('nobody of the line rings at a free agent');
        break;
      }
      served.push(call.from);
      await this.#serve(call, party, () => {
        if (index + 1 < expected.length) rings = next();
      });
    }
    this.#compare('served', expected, served);
    for (const call of expected) if (call.isUp) await call.hangUp('caller');
  }

  #compare(what: string, expected: readonly WatchedCall[], got: readonly string[]): void {
    const wrong = expected.filter(({ from }, index) => got[index] !== from).length;
    if (wrong === 0) return;
    this.#places += wrong;
    this.#remarks.push(
      `${what}: ${got.join(' ')} instead of ${expected.map(({ from }) => from).join(' ')}`,
    );
  }

  /** The calls are gone with the pbx: phones can be reached without registering again, and talks are as before. */
  async #afterEnd(scene: Scene, churn: Churn): Promise<void> {
    await churn.stop();
    for (const call of callsOf(scene)) await call.hangUp('caller');
    const rings = nextRing(this.site, this.site.company.teams.talks.agents);
    const call = await callIn(this.site, 'talks');
    this.#calls.push(call);
    await this.#serve(call, await rings);
  }

  /** The talk of the campaign ends, and the rest of its numbers is called. */
  async #campaignGoesOn({ campaign }: Scene): Promise<void> {
    const { site } = this;
    if (this.#fault.endsCalls !== true && !campaign.isDropped && !(await campaignIsHeard(campaign)))
      this.#drop('the talk of the campaign is silent');
    campaign.mayEnd = true;
    await campaign.agent.hangUp();
    await campaign.person.endsWithin(5_000);
    await campaign.person.hangUp();
    const next = await Promise.race([
      campaign.next,
      pause(CAMPAIGN_LIMIT_MS).then(() => undefined),
    ]);
    if (next === undefined) this.#drop('the campaign does not call on, or puts nobody through');
    else {
      await pause(1_000);
      await next.agent.hangUp();
      await next.person.endsWithin(5_000);
      await next.person.hangUp();
    }
    campaign.undo();
    await site.product.isIdle(IDLE_LIMIT_MS).catch((error: unknown) => {
      this.#drop(error instanceof Error ? error.message.slice(0, 1_500) : String(error));
    });
  }
}

const ROOM_AND_TALK_HZ = new Set([
  ...[400, 500, 550, 600, 650, 700, 850, 950, 1000, 1100, 1200, 1300, 1500, 1600],
]);
