import type { Clock } from '../../../kernel/clock.js';
import { newCallId, type AgentId, type CallId, type ExtensionId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { AriEventOf } from '../../ari/events.js';
import type { AttemptNews, AttemptResult, CampaignStore, ClearedLead } from '../../campaigns.js';
import type { FollowUpStore } from '../../follow-ups.js';
import type { DeskAnswer, DeskRefusal } from '../../live.js';
import type { AgentPreview, LivePreview, LivePreviewEnd } from '../../live-previews.js';
import type { LeadDial, PreviewCall, PreviewCommand, PreviewDesk } from '../../previews.js';
import type { CampaignWrites } from '../campaign-writes.js';
import type { WaitingPerson } from '../live-lines.js';
import type { CallLog } from '../services.js';
import { AttemptBook } from './attempt-book.js';
import { ringOwnPhone, type OwnPhoneParts } from './own-phone.js';
import { Preview } from './preview.js';
import { Promises, type TakenPromise } from './promises.js';
import { RunningCampaigns, type AgentCampaign } from './running-campaigns.js';
import { takeUpUnfinished } from './unfinished.js';

/** How often free agents, time limits and promises are looked at: an agent who gets free has the next record so soon. */
const LOOK_MS = 500;
/** A campaign without anybody to call is asked again after this. */
const DRY_MS = 5_000;
/** What came of the last record stays in sight so long. */
const SHOWN_MS = 60_000;
/** After so many records in a row whose time passed the agent is set not ready: nobody is there. */
const PASSED_LIMIT = 2;

const refuse = (code: DeskRefusal): DeskAnswer => ({ ok: false, code, detail: '' });
const DONE: DeskAnswer = { ok: true };

interface PreviewDependencies extends OwnPhoneParts {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly store: CampaignStore;
  readonly writes: CampaignWrites;
  readonly followUps: FollowUpStore;
  /** What the call does now; undefined for one that is over. */
  readonly callNow: (call: CallId) => 'trying' | 'talking' | undefined;
  /** Makes the agent's answered phone a call of its own. */
  readonly take: (event: AriEventOf<'StasisStart'>) => void;
  /** Ends a call that nobody wants any more. */
  readonly end: (call: CallId) => void;
  readonly onChange: () => void;
}

/**
 * Agent first: an agent with nothing to do is given somebody to call, reads the record, and then calls, skips or refuses.
 * An agent has one record at most and gets no calls of queues meanwhile. Whoever vanishes gives it back; nothing of it is in
 * any browser.
 */
export class Previews implements PreviewDesk {
  readonly #previews = new Map<AgentId, Preview>();
  readonly #ends = new Map<AgentId, LivePreviewEnd>();
  /** Records in a row whose time passed without a sign of the agent. */
  readonly #passed = new Map<AgentId, number>();
  /** Until when a campaign is not asked again for an agent, by both. */
  readonly #dryUntil = new Map<string, number>();
  readonly #book: AttemptBook;
  readonly #campaigns: RunningCampaigns;
  readonly #promises: Promises;

  constructor(
    private readonly scope: Scope,
    private readonly deps: PreviewDependencies,
  ) {
    this.#campaigns = new RunningCampaigns(deps);
    this.#promises = new Promises(scope, {
      ...deps,
      campaigns: this.#campaigns,
      take: (promise) => this.#takePromise(promise),
    });
    this.#book = new AttemptBook({
      ...deps,
      settlePromise: (followUp, result) => {
        this.#promises.settle(followUp, result);
      },
    });
  }

  /** Gives back what a former process left, then looks for agents who have nothing to do. */
  open(): void {
    this.deps.writes.later('unfinished attempts', () =>
      takeUpUnfinished(this.scope, this.deps, this.#book, this.#promises),
    );
    this.scope.fork('previews', async (s) => {
      await s.wait(this.deps.writes.done);
      for (;;) {
        await this.#look();
        await this.deps.clock.sleep(LOOK_MS, s.signal);
      }
    });
  }

  /** What pages show of an agent besides the state. */
  of(agent: AgentId): AgentPreview {
    const preview = this.#previews.get(agent);
    const end = this.#ends.get(agent);
    const isShown = end !== undefined && this.deps.clock.now() - end.at < SHOWN_MS;
    const reminder = this.#promises.reminder(agent);
    return {
      ...(preview === undefined ? {} : { preview: preview.live }),
      ...(isShown ? { lastPreview: end } : {}),
      ...(reminder === undefined ? {} : { reminder }),
    };
  }

  /** How pages show a promise that waits in line. */
  person(call: CallId): WaitingPerson | undefined {
    return this.#promises.person(call);
  }

  /** It is no call yet: a place in line, or an own phone that rings. */
  isTry(call: CallId): boolean {
    return this.person(call) !== undefined || this.callOf(call) !== undefined;
  }

  /** Agents may have left a record: looked at after each change. */
  check(): void {
    for (const preview of this.#previews.values()) {
      const state = this.deps.roster.state(preview.agent);
      if (state?.state === 'preview' && state.call === preview.call) continue;
      if (this.#drop(preview)) this.#giveBack(preview);
    }
  }

  command(command: PreviewCommand): DeskAnswer | Promise<DeskAnswer> {
    const preview = this.#previews.get(command.agentId);
    if (preview?.lead.attempt !== command.attempt) return refuse('no-preview');
    // Pressed twice, or in two windows.
    if (preview.call !== undefined)
      return command.kind === 'preview-call' ? DONE : refuse('preview-dialled');
    switch (command.kind) {
      case 'preview-call':
        this.#dial(preview, true);
        return DONE;
      case 'preview-skip':
        this.#skip(preview, command.reason);
        return DONE;
      case 'preview-refuse':
        return this.#refuse(preview, command.isForAll);
    }
  }

  /** The own phone does not ring any more; false where it does not. */
  stop(agent: AgentId): boolean {
    const preview = this.#previews.get(agent);
    if (preview?.phase !== 'own-phone') return false;
    preview.stop('stopped');
    this.#read(preview, 'stopped');
    return true;
  }

  // What stages need: see PreviewDesk.

  callOf(call: CallId): PreviewCall | undefined {
    return [...this.#previews.values()].find((one) => one.call === call)?.toDial;
  }

  at(extension: ExtensionId): PreviewCall | undefined {
    return this.#readAt(extension)?.toDial;
  }

  skipAt(extension: ExtensionId): boolean {
    const preview = this.#readAt(extension);
    if (preview !== undefined) this.#skip(preview, 'other');
    return preview !== undefined;
  }

  begun({ agent, attempt }: LeadDial, call: CallId): void {
    const { roster, clock } = this.deps;
    this.#book.tell(attempt, { callId: call, agentId: agent });
    const preview = this.#previews.get(agent);
    if (preview?.lead.attempt !== attempt) {
      // It outlived the process that began it.
      roster.handle({ kind: 'agent-previews', agent, call, at: clock.now() });
      return;
    }
    const isNew = preview.call !== call;
    preview.dials(call, 'customer');
    if (isNew) roster.handle({ kind: 'preview-dials', agent, call, at: clock.now() });
    this.deps.onChange();
  }

  settled({ attempt, agent, queue }: LeadDial, call: CallId, news: AttemptNews): void {
    const { roster } = this.deps;
    if (!this.#book.settle(attempt, news)) return;
    const preview = this.#previews.get(agent);
    const isBefore = preview?.lead.attempt === attempt && this.#drop(preview);
    if (news.result === 'human') roster.engageAgent(agent, call, queue);
    else {
      if (isBefore) this.#note(preview, news.result ?? 'failed');
      if (roster.state(agent)?.call === call) this.#free(agent);
    }
  }

  over({ attempt }: LeadDial, at: number): void {
    this.#book.over(attempt, at);
  }

  async #look(): Promise<void> {
    await this.#campaigns.refresh();
    for (const preview of this.#previews.values()) this.#lookAt(preview);
    await this.#promises.look();
    for (const campaign of this.#campaigns.previewed)
      for (const agent of this.#campaigns.freeAgents(campaign)) await this.#offer(campaign, agent);
  }

  /** Time is over, or the campaign has been stopped: a record that is read goes on or back. */
  #lookAt(preview: Preview): void {
    if (preview.phase !== 'record') return;
    if (this.#campaigns.of(preview.campaign.id) === undefined) {
      this.#giveUp(preview);
      return;
    }
    if ((preview.until ?? Infinity) > this.deps.clock.now()) return;
    if (preview.atLimit === 'dial') this.#dial(preview, false);
    else this.#skip(preview, 'time-over');
  }

  async #offer(campaign: AgentCampaign, agent: AgentId): Promise<void> {
    const { clock, store, roster, log } = this.deps;
    const key = `${String(campaign.id)} ${String(agent)}`;
    if ((this.#dryUntil.get(key) ?? 0) > clock.now()) return;
    // One who got a call meanwhile.
    if (roster.state(agent)?.state !== 'available') return;
    let lead: ClearedLead | undefined;
    try {
      [lead] = await store.clear(campaign.id, 1, { agent });
    } catch (error) {
      log.warn({ err: error, campaignId: campaign.id }, 'nobody could be taken up for a campaign');
    }
    if (lead === undefined) this.#dryUntil.set(key, clock.now() + DRY_MS);
    else this.#begin(new Preview(lead, campaign, agent, clock.now()));
  }

  #takePromise({ followUp, campaign, agent, offered, lead }: TakenPromise): boolean {
    const { clock, directory } = this.deps;
    const owner = followUp.agent;
    const insteadOf =
      owner === undefined || owner === agent
        ? undefined
        : directory.current.agents.get(owner)?.name;
    const promise = { ...followUp, insteadOf };
    this.#book.promise(lead.attempt, followUp);
    return this.#begin(new Preview(lead, campaign, agent, clock.now(), promise), offered);
  }

  /** False where the agent is not to be had any more; then it is given back. */
  #begin(preview: Preview, offered?: CallId): boolean {
    const { roster, clock, onChange } = this.deps;
    const { agent, lead } = preview;
    if (this.#previews.has(agent)) {
      this.#giveBack(preview);
      return false;
    }
    this.#previews.set(agent, preview);
    roster.handle({
      ...{ kind: 'agent-previews', agent, at: clock.now() },
      ...(offered === undefined ? {} : { offered }),
    });
    this.check();
    if (this.#previews.get(agent) !== preview) return false;
    this.#ends.delete(agent);
    this.#book.tell(lead.attempt, { agentId: agent });
    onChange();
    return true;
  }

  #dial(preview: Preview, isAsked: boolean): void {
    const { roster, clock, callNow, take, onChange } = this.deps;
    const { agent } = preview;
    if (isAsked) this.#passed.delete(agent);
    const call = newCallId();
    preview.dials(call, 'own-phone');
    roster.handle({ kind: 'preview-dials', agent, call, at: clock.now() });
    this.scope.fork('own phone', async (scope) => {
      preview.ring = scope;
      const failure = await ringOwnPhone(scope, this.deps, preview, call, (event) => {
        if (preview.call !== call || this.#previews.get(agent) !== preview) return false;
        preview.dials(call, 'customer');
        take(event);
        // We stop just now.
        if (callNow(call) === undefined) this.#giveUp(preview);
        onChange();
        return true;
      });
      preview.ring = undefined;
      if (failure === undefined || preview.call !== call) return;
      if (failure === 'unreachable') this.#losePhone(preview);
      else if (isAsked) this.#read(preview, failure === 'withdrawn' ? 'stopped' : failure);
      else this.#giveUp(preview, 'missed-calls');
    });
    onChange();
  }

  /** Back at the record, with its time again. */
  #read(preview: Preview, problem: NonNullable<LivePreview['problem']>): void {
    const { roster, clock } = this.deps;
    preview.reads(clock.now(), problem);
    roster.handle({ kind: 'preview-dials', agent: preview.agent, at: clock.now() });
    this.deps.onChange();
  }

  /** The agent's phone is gone: so is the record. */
  #losePhone(preview: Preview): void {
    const { roster, clock } = this.deps;
    const { agent } = preview;
    if (!this.#drop(preview)) return;
    this.#giveBack(preview);
    roster.handle({ kind: 'preview-dials', agent, at: clock.now() });
    roster.handle({ kind: 'phone-lost', agent, at: clock.now() });
  }

  /** It goes back; with a reason the agent becomes not ready. */
  #giveUp(preview: Preview, reason = ''): void {
    if (!this.#drop(preview)) return;
    this.#giveBack(preview);
    this.#free(preview.agent, reason);
  }

  #skip(preview: Preview, note: string): void {
    const { agent, lead } = preview;
    if (!this.#drop(preview)) return;
    this.#note(preview, 'skipped');
    this.#book.finish(lead.attempt, { result: 'skipped', note, endedAt: this.deps.clock.now() });
    const passed = note === 'time-over' ? (this.#passed.get(agent) ?? 0) + 1 : 0;
    this.#passed.set(agent, passed);
    this.#free(agent, passed < PASSED_LIMIT ? '' : 'missed-calls');
  }

  async #refuse(preview: Preview, isForAll: boolean): Promise<DeskAnswer> {
    const { lead, campaign } = preview;
    const { store, log } = this.deps;
    try {
      await store.optOut({
        ...{ number: lead.number, contact: lead.contact, source: 'agent' },
        ...(isForAll ? {} : { campaign: campaign.id }),
      });
    } catch (error) {
      log.warn({ err: error, attemptId: lead.attempt }, 'a refusal could not be kept');
      return refuse('not-kept');
    }
    this.#skip(preview, 'do-not-call');
    return DONE;
  }

  /** The agent is free again, for calls and for the next record; with a reason not ready instead. */
  #free(agent: AgentId, reason = ''): void {
    const { roster, clock, directory, isRegistered } = this.deps;
    const at = clock.now();
    if (reason !== '') {
      roster.handle({ kind: 'preview-dials', agent, at });
      roster.handle({ kind: 'agent-not-ready', agent, reason, at });
      return;
    }
    roster.handle({ kind: 'preview-ended', agent, at });
    const phone = directory.current.extensions.get(roster.phoneOf(agent) ?? NO_PHONE);
    // Nobody was told of a phone that was lost while it was dialled.
    if (phone !== undefined && !isRegistered(phone.number)) roster.phoneChanged(phone.id, false);
  }

  /** It is before the agent no more. False where it was not. */
  #drop(preview: Preview): boolean {
    if (this.#previews.get(preview.agent) !== preview) return false;
    this.#previews.delete(preview.agent);
    preview.stop('over');
    this.deps.onChange();
    return true;
  }

  /** Nobody was called: the lead is as it was. A call that lives settles itself when it is ended. */
  #giveBack({ lead, phase, call }: Preview): void {
    const { callNow, end, clock } = this.deps;
    if (phase === 'customer' && call !== undefined && callNow(call) !== undefined) end(call);
    else this.#book.finish(lead.attempt, { result: 'failed', endedAt: clock.now() });
  }

  #note({ agent, lead }: Preview, result: AttemptResult): void {
    const { attempt, name, number } = lead;
    this.#ends.set(agent, { attempt, name, number, result, at: this.deps.clock.now() });
  }

  /** What is read at this phone. */
  #readAt(extension: ExtensionId): Preview | undefined {
    const agent = this.deps.roster.agentAt(extension);
    const preview = agent === undefined ? undefined : this.#previews.get(agent);
    return preview?.phase === 'record' ? preview : undefined;
  }
}

const NO_PHONE = 0 as ExtensionId;
