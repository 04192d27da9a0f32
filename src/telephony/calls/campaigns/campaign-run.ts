import type { Clock } from '../../../kernel/clock.js';
import { newCallId, type AttemptId, type CallId, type TrunkId } from '../../../kernel/ids.js';
import { Cancelled, type Scope } from '../../../kernel/scope.js';
import { ended } from '../stage.js';
import type { CampaignStore, ClearedLead, RunningCampaign } from '../../campaigns.js';
import type { LiveCampaign } from '../../live-campaigns.js';
import type { CampaignWrites } from '../campaign-writes.js';
import type { CallLog } from '../services.js';
import { aboutOf, drawCampaign } from './campaign-picture.js';
import type { AnsweredLine, CampaignCall } from './campaign-call.js';
import type { AgentSeeker } from './campaign-floor.js';
import { dialLine, type Answer, type DialledEnd, type DialParts } from './dial-line.js';
import { HoldTimes, type Hold } from './holds.js';
import { phaseOf, type DialledLine, type Line } from './line.js';
import { OneToOne, PATIENCE_MS, type PacedAgent, type Pacing } from './pacing.js';
import { Predictive } from './predictive.js';
import { Utilisation } from './utilisation.js';
import { scoreOf } from './score.js';
import { firstStage } from './first-stage.js';
import type { Stage } from '../stage.js';

/** Where no lead may be called now, it is looked again after so long. */
const DRY_MS = 5_000;
/** After a failure of ours (database, Asterisk, no trunk) nothing is dialled for so long. */
const TROUBLE_MS = 2_000;

export interface RunParts extends Omit<DialParts, 'tell' | 'take' | 'detecting'> {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly store: CampaignStore;
  readonly book: Pick<CampaignWrites, 'tell'>;
  /** Makes an answered line a call. */
  readonly take: (line: AnsweredLine, answer: Answer) => void;
}

/** What a run may use at this moment. */
export interface Floor {
  readonly at: number;
  readonly agents: readonly PacedAgent[];
  /** Callers on the line who wait for agents of this campaign, too. */
  readonly callers: number;
  /** Lines that trunks have free, and calls that may be started in this second. */
  readonly freeLines: number;
  readonly rate: number;
  /** Why no campaign may dial now. */
  readonly hold?: Hold;
}

/** One campaign that runs: its lines, its pacing, and why it dials or does not. */
export class CampaignRun implements AgentSeeker {
  readonly #lines = new Map<AttemptId, Line>();
  readonly #calls = new Set<CallId>();
  readonly #holds = new HoldTimes();
  readonly #utilisation = new Utilisation();
  #pacing!: Pacing;
  #pacingOf = '';
  /** What was abandoned before is known. */
  #isReady = false;
  #isStopping = false;
  #claiming = 0;
  #planned = 0;
  #dryUntil = 0;
  #trouble: { readonly until: number; readonly hold: Hold } | undefined;
  #agents: readonly PacedAgent[] = [];
  #callers = 0;

  constructor(
    private readonly scope: Scope,
    private rule: RunningCampaign,
    private readonly parts: RunParts,
  ) {
    this.update(rule);
  }

  get id(): RunningCampaign['id'] {
    return this.rule.id;
  }
  get priority(): number {
    return this.rule.priority;
  }
  get queueId(): NonNullable<RunningCampaign['queueId']> {
    return this.rule.queueId ?? NO_QUEUE;
  }
  get threshold(): number | undefined {
    return this.rule.inboundThreshold;
  }
  get isHungry(): boolean {
    if (this.#lines.size > 0) return true;
    return !this.#isStopping && this.#isReady && this.parts.clock.now() >= this.#dryUntil;
  }
  readonly owns = (call: CallId): boolean => this.#calls.has(call);
  /** It is not in the list any more, and nobody is on the line. */
  get isOver(): boolean {
    return this.#isStopping && this.#lines.size === 0 && this.#claiming === 0;
  }
  /** Lines that are asked for and not dialled yet. */
  get claiming(): number {
    return this.#claiming;
  }
  /** Trunks of lines that are no calls yet. */
  get dialling(): readonly TrunkId[] {
    return [...this.#lines.values()].flatMap(({ trunkId }) => trunkId ?? []);
  }

  /** The campaign as it is set now. */
  update(rule: RunningCampaign): void {
    this.rule = rule;
    this.#isStopping = false;
    const { mode, abandonLimit: limit, abandonWindowMs: windowMs, ringMs } = rule;
    const pacingOf = JSON.stringify([mode, limit, windowMs, ringMs]);
    if (pacingOf === this.#pacingOf) return;
    this.#pacingOf = pacingOf;
    this.#pacing =
      mode === 'predictive'
        ? new Predictive({ limit, windowMs, ringLimitMs: ringMs })
        : new OneToOne({ limit, windowMs });
    this.#isReady = false;
    this.#background('abandonment', () => this.#restore(this.#pacing));
  }

  /** Nothing more is dialled; who is on the line stays. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Dials what may be dialled now, and says how many lines that are. */
  look(floor: Floor): number {
    const { at, agents } = floor;
    this.#agents = agents;
    this.#callers = floor.callers;
    this.#pacing.see(agents, at);
    this.#utilisation.note(at, agents);
    const hold = floor.hold ?? this.#ownHold(floor);
    const room = hold === undefined ? this.#room(floor) : { count: 0, hold };
    const start = this.#pace(at, room.count);
    this.#planned = start;
    this.#holds.note(at, start > 0 ? undefined : (room.hold ?? this.#pacingHold()));
    if (start > 0) this.#claim(start);
    return start;
  }

  /** A call of this campaign comes into a stage; one that a former process dialled is taken up. */
  entered(
    call: { readonly id: CallId; readonly startedAt: number },
    about: CampaignCall,
    stage: Stage,
  ): void {
    let line = this.#lines.get(about.attempt);
    if (line === undefined) {
      const { attempt } = about;
      line = { attempt, call: call.id, startedAt: call.startedAt, phase: 'talking', isOwed: false };
      this.#lines.set(attempt, line);
      this.#calls.add(call.id);
    }
    const phase = phaseOf(stage);
    if (phase === 'talking') this.#settle(line, 'connected');
    if (phase === 'message') this.#settle(line, 'abandoned');
    line.phase = phase ?? line.phase;
  }

  /** The call is over. */
  left(attempt: AttemptId, isAbandoned: boolean): void {
    const line = this.#lines.get(attempt);
    if (line === undefined) return;
    this.#settle(line, isAbandoned ? 'abandoned' : 'hung-up');
    this.#forget(line);
  }

  get live(): LiveCampaign {
    return drawCampaign(this.rule, {
      ...{ agents: this.#agents, callers: this.#callers, planned: this.#planned },
      ...{ lines: this.#lines.values(), figures: this.#pacing.figures, holds: this.#holds.live },
      utilisation: this.#utilisation.share,
    });
  }

  async #restore(pacing: Pacing): Promise<void> {
    const { clock, store, log } = this.parts;
    for (;;)
      try {
        const since = clock.now() - this.rule.abandonWindowMs;
        pacing.restore(await store.abandonment(this.id, since));
        if (pacing === this.#pacing) this.#isReady = true;
        return;
      } catch (error) {
        if (error instanceof Cancelled) throw error;
        log.warn({ campaignId: this.id, err: error }, 'what was abandoned cannot be read');
        await clock.sleep(TROUBLE_MS, this.scope.signal);
      }
  }

  #ownHold({ at, agents, callers }: Floor): Hold | undefined {
    const { mode, inboundThreshold } = this.rule;
    if (this.#isStopping) return 'stopping';
    if (!this.#isReady) return 'database-away';
    if (this.#trouble !== undefined && at < this.#trouble.until) return this.#trouble.hold;
    if (inboundThreshold !== undefined && callers > inboundThreshold) return 'inbound-waits';
    if (mode !== 'notification' && agents.length === 0) return 'no-agents';
    return at < this.#dryUntil ? 'no-leads' : undefined;
  }

  #room({ freeLines, rate }: Floor): { readonly count: number; readonly hold?: Hold } {
    const own = this.rule.maxLines - this.#lines.size - this.#claiming;
    if (own <= 0) return { count: 0, hold: 'lines-used' };
    if (freeLines <= 0) return { count: 0, hold: 'trunk-lines-used' };
    if (rate <= 0) return { count: 0, hold: 'calls-a-second' };
    return { count: Math.min(own, freeLines, rate) };
  }

  /** How many of those may be started by pacing; gives up lines that ring in vain. */
  #pace(at: number, room: number): number {
    // Nobody is waited for: as many as there are lines.
    if (this.rule.mode === 'notification') return room;
    const { start, giveUp } = this.#pacing.decide(at, room);
    for (const attempt of giveUp) this.#lines.get(attempt)?.giveUp?.();
    return Math.max(0, start - this.#claiming);
  }

  #pacingHold(): Hold {
    if (this.rule.mode === 'notification') return 'lines-used';
    const isSomebodyFree = this.#agents.some(({ state }) => state === 'idle');
    const { mode, arePhonesLate } = this.#pacing.figures;
    if (arePhonesLate) return 'phones-late';
    if (mode === 'predictive') return 'pacing';
    return isSomebodyFree ? 'rings-for-free' : 'agents-busy';
  }

  #claim(count: number): void {
    const { clock, store, log } = this.parts;
    this.#claiming += count;
    this.#background('claim', async () => {
      let leads: readonly ClearedLead[] = [];
      try {
        leads = await store.clear(this.id, count);
        if (leads.length < count) this.#dryUntil = clock.now() + DRY_MS;
      } catch (error) {
        if (error instanceof Cancelled) throw error;
        log.warn({ campaignId: this.id, err: error }, 'leads cannot be read');
        this.#trouble = { until: clock.now() + TROUBLE_MS, hold: 'database-away' };
      } finally {
        this.#claiming -= count;
      }
      for (const lead of leads) this.#dial(lead);
    });
  }

  #dial(lead: ClearedLead): void {
    const { clock, book } = this.parts;
    const line: DialledLine = {
      ...{ attempt: lead.attempt, call: newCallId(), startedAt: clock.now(), lead },
      ...{ phase: 'dialling', trunkId: undefined, giveUp: undefined, isOwed: false },
    };
    this.#lines.set(line.attempt, line);
    this.#pacing.started(line.attempt, line.startedAt, scoreOf(lead, this.rule));
    this.#background('line', async (scope) => {
      let end: DialledEnd = { kind: 'failed' };
      try {
        end = await dialLine(
          scope,
          {
            ...this.parts,
            tell: ({ attempt }, news) => {
              book.tell(attempt, news);
            },
            detecting: ({ attempt }) => {
              this.#pacing.detecting(attempt);
            },
            take: (of, answer) => {
              this.#answered(of, answer);
            },
          },
          this.rule,
          line,
        );
      } finally {
        // While we stop it is not over: the next process sees what became of it.
        if (!this.scope.cancelled) this.#dialled(line, end);
      }
    });
  }

  #dialled(line: DialledLine, end: DialledEnd): void {
    const { clock, book, onChange } = this.parts;
    const { attempt } = line;
    const endedAt = clock.now();
    switch (end.kind) {
      case 'answered':
        return;
      case 'hung-up': {
        const { answeredAt, cause } = end;
        this.#pacing.ended(attempt, 'answered', answeredAt);
        this.#pacing.lost(attempt, 'hung-up', endedAt);
        book.tell(attempt, { answeredAt, endedAt, cause, result: 'hung-up' });
        break;
      }
      case 'cancelled': {
        const { answeredAt } = end;
        if (answeredAt === undefined) {
          this.#pacing.ended(attempt, 'given-up', endedAt);
          book.tell(attempt, { endedAt, result: 'cancelled' });
          break;
        }
        this.#pacing.ended(attempt, 'answered', answeredAt);
        this.#pacing.lost(attempt, 'abandoned', endedAt);
        book.tell(attempt, { answeredAt, endedAt, result: 'abandoned' });
        break;
      }
      case 'unanswered': {
        const { cause, result, later } = end;
        this.#pacing.ended(attempt, 'failed', endedAt);
        const settle = (said: typeof result): void => {
          book.tell(attempt, { endedAt, cause, result: said });
        };
        if (later === undefined) settle(result);
        else later(settle);
        break;
      }
      case 'fax':
        this.#pacing.ended(attempt, 'failed', endedAt);
        book.tell(attempt, {
          ...{ answeredAt: end.answeredAt, endedAt, result: 'fax', machineVerdict: 'fax' },
        });
        break;
      case 'failed':
        this.#pacing.ended(attempt, 'failed', endedAt);
        this.#trouble = { until: endedAt + TROUBLE_MS, hold: 'no-trunk' };
        book.tell(attempt, { endedAt, result: 'failed' });
        break;
    }
    this.#forget(line);
    onChange();
  }

  /** Somebody, or something, has answered. */
  #answered(line: DialledLine, answer: Answer): void {
    const { book, ari, clock, onChange } = this.parts;
    const { attempt, lead } = line;
    const { answeredAt, verdict } = answer;
    const { machine } = this.rule;
    const isMachine = verdict === 'machine';
    const heard = verdict === undefined ? {} : { machineVerdict: verdict };
    // A machine needs no agent, but for those who are to hear it.
    const needsAgent =
      this.rule.mode !== 'notification' && !(isMachine && machine.kind !== 'agent');
    this.#pacing.ended(attempt, needsAgent ? 'answered' : 'failed', clock.now());
    line.isOwed = needsAgent;
    line.trunkId = undefined;
    if (isMachine && machine.kind === 'hang-up') {
      this.#forget(line);
      book.tell(attempt, { ...heard, answeredAt, endedAt: clock.now(), result: 'machine' });
      this.#background('machine', async () => {
        await ari.hangup(answer.channel);
      });
      onChange();
      return;
    }
    book.tell(attempt, { ...heard, answeredAt });
    this.#calls.add(line.call);
    const about = aboutOf(this.rule, lead, answer);
    const first =
      firstStage(this.rule, about, this.parts.directory.current, clock.now() + PATIENCE_MS) ??
      ended('failed', 'system', 41, 'flow-missing');
    const { call, startedAt: dialledAt } = line;
    const { callerId, trunk } = answer;
    this.parts.take({ call, lead, about, callerId, trunkId: trunk.id, dialledAt, first }, answer);
  }

  #settle(line: Line, as: 'connected' | 'abandoned' | 'hung-up'): void {
    if (!line.isOwed) return;
    line.isOwed = false;
    if (as === 'connected') this.#pacing.connected(line.attempt, this.parts.clock.now());
    else this.#pacing.lost(line.attempt, as, this.parts.clock.now());
  }

  #forget({ attempt, call }: Line): void {
    this.#lines.delete(attempt);
    this.#calls.delete(call);
  }

  /** Work whose failure ends nothing else. */
  #background(name: string, run: (scope: Scope) => Promise<void>): void {
    this.scope.fork(name, async (scope) => {
      try {
        await run(scope);
      } catch (error) {
        if (error instanceof Cancelled) throw error;
        this.parts.log.error({ campaignId: this.id, err: error }, `${name} of a campaign failed`);
      }
    });
  }
}

const NO_QUEUE = 0 as NonNullable<RunningCampaign['queueId']>;
