import {
  beginScript,
  fitRun,
  goBack,
  keepAnswers,
  pageAt,
  takeWay,
  type RunProblem,
  type RunResult,
  type ScriptRun,
  type Typed,
} from '../../engines/script/run.js';
import { answerText } from '../../engines/script/answers.js';
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, DispositionId, FollowUpId } from '../../kernel/ids.js';
import { siteDayOf } from '../../kernel/site-day.js';
import type { AuditLog } from '../audit/audit.js';
import type { bookingSchema, FollowUpService } from '../follow-ups/index.js';
import type { z } from 'zod';
import type {
  CallAtHand,
  CallWork,
  DayResults,
  FollowedScript,
  MachineTruth,
} from './call-work.js';
import type { CallWorkStore, RunOf } from './call-work-store.js';

/** What the agent's page knows of the call before an agent. */
export interface CallsAtHand {
  /** Throws `not-allowed` for those who are no agents. */
  agentOf(actor: Actor): AgentId;
  atHand(actor: Actor): Promise<CallAtHand | undefined>;
  /** What the call came to, beside the note that is written; throws `conflict` and `invalid-fields`. */
  choose(actor: Actor, callId: string, disposition: DispositionId): Promise<void>;
}

export interface CallWorkParts {
  readonly store: CallWorkStore;
  readonly calls: CallsAtHand;
  readonly followUps: FollowUpService;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** IANA zone of the site. */
  readonly zone: string;
}

/** What is wrong with what was picked; of a question where `question` is given. */
export interface ScriptProblem {
  readonly question?: string;
  readonly why: RunProblem | 'other-script' | 'not-offered';
}

/** Which script is followed, and where in it: a button that was pressed twice leads on once. */
const stampOf = (origin: string, { trail, end }: ScriptRun): string =>
  [origin, trail.length, trail.at(-1) ?? '', end === undefined ? '' : 'over'].join('.');

/** What agents do with calls of campaigns, and of queues with a script. Everybody works on the call of now only. */
export class CallWorkService {
  constructor(private readonly parts: CallWorkParts) {}

  /** Undefined where there is no call, or nothing is known of it: neither campaign, nor contact, nor script. */
  async work(actor: Actor): Promise<CallWork | undefined> {
    const { calls, store } = this.parts;
    const agentId = calls.agentOf(actor);
    const call = await calls.atHand(actor);
    if (call === undefined) return undefined;
    const attempt = await store.attemptOf(call.callId);
    const contactId =
      attempt?.contactId ?? (call.number === '' ? undefined : await store.contactWith(call.number));
    const [contact, followed] = await Promise.all([
      contactId === undefined ? undefined : store.contact(contactId, call.callId),
      this.#followed(call, agentId, attempt?.campaignId),
    ]);
    if (attempt === undefined && contact === undefined && followed === undefined) return undefined;
    return { call, agentId, attempt, contact, followed };
  }

  /** Takes a way of the page that `stamp` says. What is wrong is an answer; nothing is kept then. */
  async take(
    actor: Actor,
    callId: string,
    picked: { readonly stamp: string; readonly way: number },
    typed: Typed,
  ): Promise<readonly ScriptProblem[]> {
    const { work, followed } = await this.#following(actor, callId);
    if (followed.stamp !== picked.stamp) return [{ why: 'other-script' }];
    const result = takeWay(followed.script, followed.run, picked.way, typed);
    if (!result.ok) return result.problems;
    const disposition = result.run.end?.disposition;
    if (disposition !== undefined) {
      try {
        await this.parts.calls.choose(actor, callId, disposition);
      } catch (error) {
        if (error instanceof AppError && error.code === 'invalid-fields')
          return [{ why: 'not-offered' }];
        throw error;
      }
    }
    await this.#keep(work, followed, result);
    await this.#toContact(actor, work, followed, result);
    return [];
  }

  /** Keeps what was typed so far, as far as it fits. */
  async keep(
    actor: Actor,
    callId: string,
    stamp: string,
    typed: Typed,
  ): Promise<readonly ScriptProblem[]> {
    const { work, followed } = await this.#following(actor, callId);
    if (followed.stamp !== stamp) return [{ why: 'other-script' }];
    const result = keepAnswers(followed.script, followed.run, typed);
    if (!result.ok) return result.problems;
    await this.#keep(work, followed, result);
    return [];
  }

  async back(actor: Actor, callId: string): Promise<void> {
    const { work, followed } = await this.#following(actor, callId);
    await this.#keep(work, followed, { ok: true, run: goBack(followed.run) });
  }

  /** Nobody calls this person any more: for this campaign, or for any. */
  async doNotCall(actor: Actor, callId: string, scope: 'campaign' | 'all'): Promise<void> {
    const { call, attempt, contact } = await this.#of(actor, callId);
    const { store, clock } = this.parts;
    const numbers = [
      ...new Set([
        ...(attempt === undefined ? [] : [attempt.number]),
        ...(contact?.numbers.map(({ number }) => number) ?? []),
      ]),
    ];
    const campaignId = scope === 'campaign' ? attempt?.campaignId : undefined;
    if (numbers.length === 0 || (scope === 'campaign' && campaignId === undefined))
      throw new AppError('invalid-fields', 'nobody is known to be called', [
        { field: 'scope', message: 'call-work.problem.nobody' },
      ]);
    const userId = actor.userId;
    const at = new Date(clock.now());
    await store.doNotCall(numbers, { campaignId, callId: call.callId, userId, at });
    await this.#note(actor, 'do-not-call.add', contact?.name ?? '', call, {
      scope: ['', scope === 'all' ? 'all' : (attempt?.campaignName ?? '')],
      numbers: ['', numbers.length],
    });
  }

  /** Takes back what was said in this call. */
  async callAgain(actor: Actor, callId: string): Promise<void> {
    const { call, contact } = await this.#of(actor, callId);
    const taken = await this.parts.store.callAgain(call.callId);
    if (taken > 0)
      await this.#note(actor, 'do-not-call.remove', contact?.name ?? '', call, {
        numbers: [taken, ''],
      });
  }

  /** What it was that answered, as the agent heard it; '' takes it back. */
  async truth(actor: Actor, callId: string, truth: MachineTruth | ''): Promise<void> {
    const { attempt } = await this.#of(actor, callId);
    if (attempt === undefined) throw new AppError('not-found', 'the call is of no campaign');
    await this.parts.store.saveTruth(attempt.id, truth);
  }

  /** As `FollowUpService.book`, for the contact of the call. */
  async book(
    actor: Actor,
    callId: string,
    booking: Omit<z.output<typeof bookingSchema>, 'contact'>,
  ): Promise<FollowUpId> {
    const { call, contact, attempt } = await this.#of(actor, callId);
    if (contact === undefined)
      throw new AppError('invalid-fields', 'nobody is known', [
        { field: 'contact', message: 'call-work.problem.nobody' },
      ]);
    const campaign = booking.campaign ?? attempt?.campaignId;
    return this.parts.followUps.book(
      actor,
      { ...booking, campaign, contact: contact.id },
      { source: 'agent', callId: call.callId },
    );
  }

  dayResults(actor: Actor): Promise<DayResults> {
    const { calls, store, clock, zone } = this.parts;
    const since = new Date(siteDayOf(clock.now(), zone).startAt);
    return store.dayResults(calls.agentOf(actor), actor.userId, since);
  }

  async #of(actor: Actor, callId: string): Promise<CallWork> {
    const work = await this.work(actor);
    if (work?.call.callId !== callId) throw new AppError('conflict', 'this is not the call of now');
    return work;
  }

  async #following(actor: Actor, callId: string) {
    const work = await this.#of(actor, callId);
    if (work.followed === undefined) throw new AppError('conflict', 'there is no script');
    return { work, followed: work.followed };
  }

  /** The run that was begun, with the script as it was then; else the beginning of the one that is there now. */
  async #followed(
    { callId, queueId }: CallAtHand,
    agentId: AgentId,
    campaign: Parameters<CallWorkStore['scriptFor']>[0],
  ): Promise<FollowedScript | undefined> {
    const { store } = this.parts;
    const kept = await store.run(callId, agentId);
    if (kept !== undefined) {
      const run = fitRun(kept.script, kept.run);
      const { scriptId, script } = kept;
      return {
        ...{ scriptId, script, run, page: pageAt(script, run) },
        ...{ isNew: false, stamp: stampOf('kept', run) },
      };
    }
    const now = await store.scriptFor(campaign, queueId);
    if (now === undefined) return undefined;
    const { id: scriptId, script } = now;
    const run = beginScript(script);
    const stamp = stampOf(`${String(scriptId)}-${String(now.version)}`, run);
    return { scriptId, script, run, page: pageAt(script, run), isNew: true, stamp };
  }

  async #keep(
    { call, agentId, attempt, contact }: CallWork,
    { scriptId, script }: FollowedScript,
    result: RunResult,
  ): Promise<void> {
    if (!result.ok) return;
    const of: RunOf = {
      ...{ callId: call.callId, agentId },
      ...(contact === undefined ? {} : { contactId: contact.id }),
      ...(attempt === undefined ? {} : { campaignId: attempt.campaignId, attemptId: attempt.id }),
    };
    const at = new Date(this.parts.clock.now());
    await this.parts.store.saveRun(of, { scriptId, script, run: result.run }, at);
  }

  /** Answers of the page that was left, where they belong to the contact, too. */
  async #toContact(
    actor: Actor,
    { call, contact }: CallWork,
    { page }: FollowedScript,
    result: RunResult,
  ): Promise<void> {
    if (!result.ok || contact === undefined || page === undefined) return;
    const { answers } = result.run;
    const known = new Map(contact.fields.map(({ key, value }) => [key, value]));
    const changes = page.questions.flatMap((question): [string, string][] => {
      const value = answers[question.key];
      if (question.field === '' || value === undefined) return [];
      const text = answerText(question, value, contact.language ?? 'en');
      return known.get(question.field) === text ? [] : [[question.field, text]];
    });
    if (changes.length === 0) return;
    await this.parts.store.saveFields(contact.id, Object.fromEntries(changes));
    await this.#note(
      actor,
      'contact.change',
      contact.name,
      call,
      Object.fromEntries(changes.map(([key, value]) => [key, [known.get(key) ?? '', value]])),
    );
  }

  #note(
    actor: Actor,
    action: string,
    name: string,
    call: CallAtHand,
    changes: Readonly<Record<string, readonly [unknown, unknown]>>,
  ): Promise<void> {
    return this.parts.audit.record(actor, {
      action,
      objectKind: 'call',
      objectId: call.callId,
      objectName: name,
      changes,
    });
  }
}
