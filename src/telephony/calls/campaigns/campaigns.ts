import type { CallId, CampaignId, TrunkId } from '../../../kernel/ids.js';
import { Cancelled, type Scope } from '../../../kernel/scope.js';
import type { AriEventOf } from '../../ari/events.js';
import type { CampaignMode, RunningCampaign } from '../../campaigns.js';
import type { LiveCampaign } from '../../live-campaigns.js';
import type { AgentRoster } from '../agent-roster.js';
import type { CampaignWrites } from '../campaign-writes.js';
import type { CallServices } from '../services.js';
import type { EndedStage, Stage } from '../stage.js';
import type { AnsweredLine, CampaignCallNow, CampaignDesk } from './campaign-call.js';
import { callersWaiting, dealAgents } from './campaign-floor.js';
import { CampaignRun, type RunParts } from './campaign-run.js';
import { CampaignTrunks } from './campaign-trunks.js';
import { resultOfCall } from './first-stage.js';
import type { Hold } from './holds.js';
import { endOfNotice } from './merge-fields.js';
import { StartRate } from './start-rate.js';

/** How often it is looked what may be dialled; and at once when something happened, together with what follows at once. */
const LOOK_MS = 500;
const SOON_MS = 20;
/** How often it is read which campaigns run. */
const READ_MS = 2_000;
/** A database that has not answered for so long is away. */
const READ_LIMIT_MS = 8_000;
/** After a restart a call that has not come back within this time is over. */
const ADOPTION_MS = 15_000;
/** Those whose person is called first; the others ring an agent first, and are not ours. */
const OUR_MODES: ReadonlySet<CampaignMode> = new Set([
  ...(['progressive', 'predictive', 'notification'] as const),
]);

interface CampaignDependencies
  extends
    Pick<RunParts, 'clock' | 'log' | 'store' | 'ari' | 'directory' | 'onChange'>,
    Pick<CallServices, 'calls' | 'endpoints'> {
  readonly writes: CampaignWrites;
  readonly roster: () => AgentRoster;
  /** Calls that all campaigns together start in a second. */
  readonly callsPerSecond: number;
  readonly isPbxUp: () => boolean;
  /** Makes an answered line a call of its own. */
  readonly take: (event: AriEventOf<'StasisStart'>) => void;
}

/** The campaigns that call people first: who is dialled when, and what became of it. */
export class Campaigns implements CampaignDesk {
  readonly #runs = new Map<CampaignId, CampaignRun>();
  readonly #answered = new Map<CallId, AnsweredLine>();
  /** Calls in which an agent has been: what the attempt knows is the first one. */
  readonly #connected = new Set<CallId>();
  readonly #trunks: CampaignTrunks;
  readonly #rate: StartRate;
  readonly #halted = new Set<CampaignId>();
  /** Calls that ended before it was known what a former process left. */
  readonly #endedEarly = new Set<CallId>();
  #isScheduled = false;
  /** What a former process left is known. */
  #isSettled = false;
  /** And dealt with. */
  #isSwept = false;
  #isDatabaseAway = false;
  /** When it was last read which campaigns run: a database may also hang. */
  #readAt: number;

  constructor(
    private readonly scope: Scope,
    private readonly deps: CampaignDependencies,
  ) {
    const { clock, callsPerSecond } = deps;
    this.#trunks = new CampaignTrunks({ ...deps, dialling: () => this.dialling });
    this.#readAt = clock.now();
    this.#rate = new StartRate(callsPerSecond, clock.now());
  }

  /** Takes up what a former process left, then dials. */
  open(): void {
    this.#repeat('campaigns', READ_MS, () => this.#read());
    this.#repeat('campaigns look', LOOK_MS, () => {
      this.#look();
      return Promise.resolve();
    });
  }

  /** Something happened: agents, lines or rules. */
  changed(): void {
    if (this.#isScheduled || this.scope.cancelled || this.#runs.size === 0) return;
    this.#isScheduled = true;
    this.scope.fork('campaigns soon', async (s) => {
      await this.deps.clock.sleep(SOON_MS, s.signal);
      this.#isScheduled = false;
      this.#look();
    });
  }

  callOf(id: CallId): AnsweredLine | undefined {
    return this.#answered.get(id);
  }

  entered(call: CampaignCallNow, stage: Stage): void {
    const about = call.facts.campaign;
    if (about === undefined || !OUR_MODES.has(about.mode)) return;
    const { id, facts } = call;
    this.#runs.get(about.campaign)?.entered({ id, startedAt: facts.startedAt }, about, stage);
    if (stage.kind === 'talk' && stage.connectedAt !== undefined && !this.#connected.has(id)) {
      this.#connected.add(id);
      const { agentId } = stage.partner;
      const { connectedAt } = stage;
      const agent = agentId === undefined ? {} : { agentId };
      this.deps.writes.tell(about.attempt, { ...agent, connectedAt });
    }
    this.changed();
  }

  ended(call: CampaignCallNow, last: Stage, end: EndedStage, at: number): void {
    const about = call.facts.campaign;
    if (about === undefined || !OUR_MODES.has(about.mode)) return;
    const result = resultOfCall(about, call.hasTalked, last, end);
    const notice = about.mode === 'notification' ? endOfNotice(call.flows.variables) : undefined;
    const outcome = notice?.outcome === undefined ? {} : { outcome: notice.outcome };
    if (notice?.isOptOut === true) this.optedOut(call);
    this.deps.writes.tell(about.attempt, { ...outcome, endedAt: at, cause: end.cause, result });
    if (!this.#isSwept) this.#endedEarly.add(call.id);
    this.#connected.delete(call.id);
    this.#runs.get(about.campaign)?.left(about.attempt, result === 'abandoned');
    this.changed();
  }

  optedOut({ id, facts }: CampaignCallNow): void {
    if (facts.campaign === undefined) return;
    const { contact, campaign } = facts.campaign;
    this.deps.writes.optOut({ number: facts.to, contact, source: 'key', call: id, campaign });
  }

  get dialling(): readonly TrunkId[] {
    return [...this.#runs.values()].flatMap((run) => run.dialling);
  }

  /** Trunks that refuse every call, also after that has stopped every campaign. */
  get refusing(): readonly TrunkId[] {
    return this.#trunks.refusingNow;
  }

  /** How each campaign stands, for pages. */
  get live(): readonly LiveCampaign[] {
    const { behind } = this.deps.writes;
    const { refusing } = this.#trunks;
    return this.#byPriority().map((run) => ({
      ...run.live,
      ...(behind === 0 ? {} : { behind }),
      ...(refusing.length === 0 ? {} : { refusing }),
    }));
  }

  async #read(): Promise<void> {
    const { store, log, clock } = this.deps;
    try {
      if (!this.#isSettled) await this.#settle();
      const running = (await store.running()).filter(({ mode }) => OUR_MODES.has(mode));
      this.#isDatabaseAway = false;
      this.#readAt = clock.now();
      this.#follow(running);
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      if (!this.#isDatabaseAway) log.warn({ err: error }, 'campaigns cannot be read');
      this.#isDatabaseAway = true;
    }
    this.deps.onChange();
  }

  #follow(running: readonly RunningCampaign[]): void {
    const left = new Set(this.#runs.keys());
    for (const rule of running) {
      left.delete(rule.id);
      const run = this.#runs.get(rule.id);
      if (run === undefined) this.#begin(rule);
      else run.update(rule);
    }
    for (const id of left) {
      this.#runs.get(id)?.stop();
      this.#halted.delete(id);
      if (this.#runs.get(id)?.isOver === true) this.#runs.delete(id);
    }
  }

  #begin(rule: RunningCampaign): void {
    this.#trunks.health.forgive(this.deps.clock.now());
    const run = new CampaignRun(this.scope, rule, this.#partsOfRuns());
    this.#runs.set(rule.id, run);
    // Calls that a former process dialled may have been taken up already.
    for (const { id, facts, stage } of this.deps.calls.values())
      if (facts.campaign?.campaign === rule.id)
        run.entered({ id, startedAt: facts.startedAt }, facts.campaign, stage);
  }

  #partsOfRuns(): RunParts {
    return {
      ...this.deps,
      health: this.#trunks.health,
      book: this.deps.writes,
      trunks: () => this.#trunks.usable,
      onChange: () => {
        this.deps.onChange();
        this.changed();
      },
      take: (line, { event }) => {
        this.#answered.set(line.call, line);
        // The channel may have been with machine detection since it was dialled.
        this.deps.take({ ...event, args: ['campaign', line.call] });
        this.#answered.delete(line.call);
      },
    };
  }

  /** Attempts of a former process whose calls did not outlive it are given back. */
  async #settle(): Promise<void> {
    const { store, clock, calls, isPbxUp, writes } = this.deps;
    // What it knew of them and had not written comes first.
    await this.scope.wait(writes.done);
    const unfinished = await store.unfinished();
    this.#isSettled = true;
    const open = unfinished.filter(({ mode }) => OUR_MODES.has(mode));
    this.scope.fork('attempts after a restart', async (scope) => {
      do await clock.sleep(ADOPTION_MS, scope.signal);
      while (!isPbxUp());
      for (const { lead, callId } of open)
        if (callId === undefined || (!calls.has(callId) && !this.#endedEarly.has(callId)))
          writes.tell(lead.attempt, { endedAt: clock.now(), result: 'failed' });
      this.#isSwept = true;
      this.#endedEarly.clear();
    });
  }

  #look(): void {
    const { deps } = this;
    const at = deps.clock.now();
    this.#trunks.health.pass(at);
    const runs = this.#byPriority();
    if (runs.length === 0) return;
    const { engine } = deps.roster().acd;
    const dealt = dealAgents(engine, deps.directory.current, runs);
    const hold = this.#hold();
    let freeLines = this.#trunks.freeLines - runs.reduce((sum, run) => sum + run.claiming, 0);
    for (const run of runs) {
      const started = run.look({
        ...{ at, freeLines, rate: this.#rate.room(at) },
        agents: dealt.get(run.id) ?? [],
        callers: callersWaiting(engine, run.queueId, (call) => this.#isOfCampaign(call)),
        ...(hold === undefined ? {} : { hold }),
      });
      this.#rate.take(started);
      freeLines -= started;
    }
    if (hold === 'trunks-refuse') this.#haltWhereVain(runs);
    deps.onChange();
  }

  #isOfCampaign(call: CallId): boolean {
    return this.deps.calls.get(call)?.facts.campaign !== undefined;
  }

  #byPriority(): readonly CampaignRun[] {
    return [...this.#runs.values()].sort((a, b) => b.priority - a.priority || a.id - b.id);
  }

  /** Why no campaign may dial now. */
  #hold(): Hold | undefined {
    const at = this.deps.clock.now();
    const isSilent = at - this.#readAt > READ_LIMIT_MS;
    if (this.#isDatabaseAway || !this.#isSettled || isSilent) return 'database-away';
    if (!this.deps.isPbxUp()) return 'pbx-away';
    return this.#trunks.hold;
  }

  #haltWhereVain(runs: readonly CampaignRun[]): void {
    if (!this.#trunks.isVain) return;
    for (const { id } of runs) {
      if (this.#halted.has(id)) continue;
      this.#halted.add(id);
      this.deps.log.error({ campaignId: id }, 'a campaign stands still: every trunk refuses');
      this.deps.writes.later('halt', () => this.deps.store.halt(id, 'paused', 'trunks-refuse'));
    }
  }

  /** Does something again and again; what fails is a bug, and is tried again. */
  #repeat(name: string, everyMs: number, run: () => Promise<void>): void {
    const { clock, log } = this.deps;
    this.scope.fork(name, async (scope) => {
      for (;;) {
        try {
          await run();
        } catch (error) {
          if (error instanceof Cancelled) throw error;
          log.error({ err: error }, `${name} failed`);
        }
        await clock.sleep(everyMs, scope.signal);
      }
    });
  }
}
