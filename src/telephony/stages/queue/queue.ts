import { overflowFor, overflowReason } from '../../../engines/acd/overflow.js';
import type { Attributes } from '../../../engines/routing/rule.js';
import type { SkillRequirement } from '../../../engines/acd/requirement.js';
import type { QueueOutcome } from '../../../kernel/call-event.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { Mailbox } from '../../calls/mailbox.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type Stage, type StageOf } from '../../calls/stage.js';
import { MAX_STICKY_MS } from '../../calls/steering.js';
import type { CallbackRequest } from '../../callbacks.js';
import type { DirectorySnapshot, QueueConfig } from '../../directory.js';
import type { PromptId, QueueId } from '../../../kernel/ids.js';
import { enterFlow } from '../ivr/ivr.js';
import { stageOfTarget } from '../target.js';
import { askForCallback } from '../../calls/callback-wish.js';
import { abandonedStage, NO_AGENT } from '../../calls/campaigns/first-stage.js';
import { playPrompt } from '../../calls/prompts.js';
import { Comfort } from './comfort.js';
import { Offers } from './offers.js';
import type { Wake } from './wake.js';

/** A call overflows through at most this many queues before it is told that nobody can answer. */
export const MAX_OVERFLOWS = 5;
/** Callers whom rules call very important begin with at least this priority. */
const VIP_PRIORITY = 50;
/** How often it is looked whether the queue has closed, or the last agent gone. */
const LOOK_MS = 5_000;

/**
 * The caller waits in line with music until an agent answers, the wait is over, or the caller leaves. Whatever comes first
 * wins, and there is exactly one outcome: the distribution decides it in one synchronous step.
 */
export async function queueStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'queue'>,
): Promise<Stage> {
  if (stage.enteredAt === undefined && stage.isRouted !== true) return routed(s, call, stage);
  const queue = s.directory.current.queues.get(stage.queue);
  if (queue === undefined || stage.from.includes(stage.queue) || stage.from.length >= MAX_OVERFLOWS)
    return {
      kind: 'announce',
      prompt: 'nobody-answers',
      then: ended('overflowed', 'system', 19, 'no-queue-left'),
    };
  await call.answer();
  return call.scope.run('queue', (scope) => new QueueWait(s, call, stage, queue, scope).run());
}

/** Rules, history and the company's own system say where the call goes, before it waits anywhere. */
async function routed(s: CallServices, call: Call, stage: StageOf<'queue'>): Promise<Stage> {
  const { facts, language } = call;
  const decision = await s.route(
    { ...facts, language, asked: stage.requirements ?? [] },
    stage.queue,
    stage.priority,
    stage.attributes ?? {},
    call.scope.signal,
  );
  if (decision.reasons.length > 0)
    call.record({
      kind: 'routed',
      queueId: decision.queue,
      priority: decision.priority,
      reasons: decision.reasons,
    });
  if (decision.flow !== undefined) {
    keepTags(call, decision.attributes);
    return enterFlow(s, decision.flow);
  }
  const since = placeOfCallback(s, call, decision.queue) ?? stage.since;
  const { sticky } = decision;
  return {
    kind: 'queue',
    queue: decision.queue,
    from: stage.from,
    priority: decision.isVip ? Math.max(decision.priority, VIP_PRIORITY) : decision.priority,
    requirements: bothRequirements(decision.requirements, stage.requirements ?? []),
    attributes: decision.attributes,
    isRouted: true,
    ...(since === undefined ? {} : { since }),
    ...(sticky === undefined
      ? {}
      : { sticky: { agent: sticky.agent, until: call.clock.now() + sticky.forMs } }),
  };
}

/** A flow knows nothing of tags: whoever asks there to be called back, or goes on to a queue, has them still. */
function keepTags(call: Call, tags: Attributes): void {
  if (Object.keys(tags).length > 0) call.flows = { ...call.flows, tags };
}

/** What rules ask counts before what the flow asked, where both speak of one skill. */
const bothRequirements = (
  first: readonly SkillRequirement[],
  second: readonly SkillRequirement[],
): readonly SkillRequirement[] => [
  ...first,
  ...second.filter(({ skill }) => !first.some((one) => one.skill === skill)),
];

/** Whoever calls again while a callback is open takes the place that was kept, and is not called back; a test call does not. */
function placeOfCallback(s: CallServices, call: Call, queue: QueueId): number | undefined {
  if (call.isTest) return undefined;
  const open = call.facts.from === '' ? undefined : s.callbacks.openFor(call.facts.from);
  if (open?.queueId !== queue || !s.callbacks.close(open.id, 'returned')) return undefined;
  return open.enteredAt;
}

/** Until when somebody in this stage may wait in line; undefined where there is no limit, or nobody waits yet. */
export function overflowOf(stage: Stage, { queues }: DirectorySnapshot): number | undefined {
  if (stage.kind !== 'queue' || stage.enteredAt === undefined) return undefined;
  const maxWaitMs = queues.get(stage.queue)?.maxWaitMs ?? 0;
  return maxWaitMs === 0 ? undefined : stage.enteredAt + maxWaitMs;
}

class QueueWait {
  /** When the caller came into this queue, and since when it has waited in any. */
  readonly #enteredAt: number;
  readonly #since: number;
  readonly #isNew: boolean;
  readonly #mailbox = new Mailbox<Wake>();
  readonly #comfort: Comfort;
  readonly #offers: Offers;
  #outcome: QueueOutcome | undefined;
  #reason = 'caller-left';
  /** The wait is over: why. */
  #sendOn: string | undefined;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    /** What it is after is kept in the journal: a restart changes nothing. */
    private stage: StageOf<'queue'>,
    private readonly queue: QueueConfig,
    private readonly scope: Scope,
  ) {
    this.#isNew = stage.enteredAt === undefined;
    this.#enteredAt = stage.enteredAt ?? call.clock.now();
    this.#since = stage.since ?? this.#enteredAt;
    this.#offers = new Offers(s, call, queue, scope, this.#mailbox);
    this.#comfort = new Comfort(s, call, queue, scope, this.#mailbox, this.#enteredAt);
  }

  async run(): Promise<Stage> {
    const { call, queue, s } = this;
    call.queueId = queue.id;
    this.#keep({});
    // Keys pressed before mean nothing in line.
    if (this.#isNew) call.digits.clear();
    try {
      const reason = this.#whyNotHere(this.#isNew);
      if (reason !== undefined) {
        this.#noteEntry();
        return this.#overflow(reason);
      }
      // Two seconds are too short for a song, and the first word is the agent's.
      if (!this.#isCampaign) this.#comfort.start();
      this.#join();
      this.#watchLimits();
      return await this.#serve();
    } finally {
      s.roster.leave(call.id);
      call.queueId = this.#outcome === 'answered' ? queue.id : undefined;
      // An outage is neither: the call comes back to this stage with its place.
      if (this.#outcome !== undefined || call.gone)
        call.record(
          {
            kind: 'queue-left',
            queueId: queue.id,
            outcome: this.#outcome ?? 'abandoned',
            reason: this.#outcome === undefined ? (call.endedFor ?? this.#reason) : this.#reason,
            waitedMs: Math.max(0, (call.goneAt ?? call.clock.now()) - this.#enteredAt),
          },
          call.goneAt,
        );
    }
  }

  #keep(changes: Partial<Pick<StageOf<'queue'>, 'priority' | 'sticky'>>): void {
    this.stage = { ...this.stage, ...changes, enteredAt: this.#enteredAt };
    this.call.enter(this.stage);
  }

  /** The queue as it is set now: rules may change while somebody waits. */
  get #rule(): QueueConfig {
    return this.s.directory.current.queues.get(this.queue.id) ?? this.queue;
  }

  #whyNotHere(isNew: boolean): string | undefined {
    const { s, call } = this;
    const queue = this.#rule;
    const { engine } = s.roster.acd;
    const line = engine.line(queue.id)?.length ?? 0;
    return overflowReason(queue, {
      others: engine.waiter(call.id) === undefined ? line : line - 1,
      signedIn: engine.signedIn(queue.id),
      isOpen: s.isOpen(queue, call.wallNow),
      isNew,
    });
  }

  #noteEntry(expectedMs?: number): void {
    if (!this.#isNew) return;
    const { call, queue, stage, s } = this;
    call.record({
      kind: 'queue-entered',
      queueId: queue.id,
      name: queue.name,
      place: Math.max(1, s.roster.acd.engine.placeOf(call.id)),
      priority: stage.priority,
      ...(expectedMs === undefined ? {} : { expectedMs }),
    });
  }

  #join(): void {
    const { call, queue, stage, s } = this;
    const news: Wake[] = [];
    let isTold = false;
    s.roster.join(
      {
        call: call.id,
        queue: queue.id,
        priority: stage.priority,
        enteredAt: this.#since,
        ...(stage.requirements === undefined ? {} : { requirements: stage.requirements }),
        ...(stage.sticky === undefined ? {} : { sticky: stage.sticky }),
      },
      (item) => {
        if (isTold) this.#mailbox.put(item);
        else news.push(item);
      },
    );
    // The entry stands in the ledger before whatever came of it.
    const { acd } = s.roster;
    this.#noteEntry(acd.expectedMs(queue.id, Math.max(1, acd.engine.placeOf(call.id))));
    isTold = true;
    for (const item of news) this.#mailbox.put(item);
  }

  /** Sends the caller on when the wait is over, the queue closes, or the last agent has gone. */
  #watchLimits(): void {
    const { clock } = this.call;
    this.scope.fork('limits', async (scope) => {
      for (;;) {
        await clock.sleep(Math.max(0, Math.min(LOOK_MS, this.#leftMs())), scope.signal);
        const reason = this.#whyOver();
        if (reason === undefined) continue;
        this.#mailbox.put({ kind: 'send-on', reason });
        return;
      }
    });
  }

  /** How long the caller may wait on, in ms. */
  #leftMs(): number {
    const { patienceUntil } = this.stage;
    if (patienceUntil !== undefined) return patienceUntil - this.call.clock.now();
    const { maxWaitMs } = this.#rule;
    return maxWaitMs === 0 ? Infinity : this.#enteredAt + maxWaitMs - this.call.clock.now();
  }

  get #isCampaign(): boolean {
    return this.stage.patienceUntil !== undefined;
  }

  #whyOver(): string | undefined {
    if (!this.s.directory.current.queues.has(this.queue.id)) return 'queue-gone';
    return this.#leftMs() <= 0 ? 'max-wait' : this.#whyNotHere(false);
  }

  async #serve(): Promise<Stage> {
    for (;;) {
      const wake = await this.#mailbox.next(this.scope);
      const next = await this.#heed(wake);
      if (next !== undefined) return next;
    }
  }

  /** Undefined: the caller waits on. */
  async #heed(wake: Wake): Promise<Stage | undefined> {
    const { call, queue } = this;
    switch (wake.kind) {
      case 'offer':
        if (this.#sendOn === undefined) this.#offers.start(wake.agent, wake.reasons);
        return undefined;
      case 'withdrawn':
        this.#offers.withdraw(wake.agent, wake.reason === 'answered-elsewhere');
        return this.#goOn();
      case 'keep-waiting':
        call.record({ kind: 'queue-waiting', queueId: queue.id, reasons: wake.reasons });
        return undefined;
      case 'rang':
        return this.#rang(wake);
      case 'send-on':
        this.#sendOn ??= wake.reason;
        return this.#goOn();
      case 'rules-changed':
        this.#sendOn ??= this.#whyOver();
        return this.#goOn();
      case 'announce':
        this.#announce(wake.prompt);
        return undefined;
      case 'changed': {
        const { priority, sticky } = wake;
        this.#keep({
          ...(priority === undefined ? {} : { priority }),
          ...(sticky === undefined ? {} : { sticky }),
        });
        return undefined;
      }
      case 'steered':
        await this.#comfort.stop();
        return this.#moveTo(wake.queue);
      case 'callback-wanted':
        return this.#takeCallback(wake.number);
    }
  }

  #announce(prompt: PromptId): void {
    const { call, queue, s } = this;
    const name = s.directory.current.prompts.get(prompt)?.name ?? '';
    call.record({ kind: 'announced', queueId: queue.id, name });
    this.#comfort.announce(prompt);
  }

  async #rang({ agent, outcome }: Extract<Wake, { kind: 'rang' }>): Promise<Stage | undefined> {
    if (outcome === undefined) return undefined;
    if (outcome.kind !== 'answered') {
      this.#offers.failed(agent, outcome);
      return this.#goOn();
    }
    const talk = await this.#offers.connect(agent, outcome.leg, () => this.#comfort.stop());
    if (talk !== undefined) {
      this.#outcome = 'answered';
      this.#reason = 'answered';
      return talk;
    }
    await this.#comfort.stop();
    if (!this.#isCampaign) this.#comfort.start();
    return this.#goOn();
  }

  /** A phone that rings is not stopped because the wait is over just now; nobody else is rung. */
  async #goOn(): Promise<Stage | undefined> {
    if (this.#sendOn === undefined) return undefined;
    // The law counts until an agent is there, not until one's phone rings.
    if (this.#isCampaign) this.#offers.withdrawAll();
    else if (this.#offers.isRinging) return undefined;
    await this.#comfort.stop();
    return this.#overflow(this.#sendOn);
  }

  #overflow(reason: string): Stage {
    const about = this.call.facts.campaign;
    if (about !== undefined && this.#isCampaign) {
      this.#outcome = 'abandoned';
      this.#reason = reason === 'max-wait' ? NO_AGENT : reason;
      return abandonedStage(about);
    }
    const isClosed = reason === 'queue-closed';
    this.#outcome = isClosed ? 'closed' : 'overflowed';
    this.#reason = reason;
    const overflow = overflowFor(this.#rule, reason);
    if (overflow.kind === 'hangup')
      return {
        kind: 'announce',
        prompt: isClosed ? 'closed' : 'nobody-answers',
        then: ended(isClosed ? 'closed' : 'overflowed', 'system', 19, reason),
      };
    if (overflow.kind === 'flow') keepTags(this.call, this.stage.attributes ?? {});
    const next = stageOfTarget(this.s, overflow, [...this.stage.from, this.queue.id]);
    // Rules have spoken when the call came in: they would send it back, and their priority would count twice.
    return next.kind === 'queue' ? { ...next, ...this.#whatGoesAlong(), isRouted: true } : next;
  }

  /** Whoever goes on to another queue has waited already, and what was found out about the call stays true. */
  #whatGoesAlong(): Partial<StageOf<'queue'>> & Pick<StageOf<'queue'>, 'priority'> {
    const { stage } = this;
    const { requirements, attributes } = stage;
    return {
      since: this.#since,
      priority: stage.priority,
      ...(attributes === undefined ? {} : { attributes }),
      // The next queue is there to take the call, whatever its members can do.
      ...(requirements === undefined
        ? {}
        : { requirements: requirements.map((one) => ({ ...one, isRequired: false })) }),
    };
  }

  #moveTo(queue: QueueConfig['id']): Stage {
    this.#offers.withdrawAll();
    this.#outcome = 'overflowed';
    this.#reason = 'moved-by-supervisor';
    // Back to where it has been, too: a supervisor knows why.
    return { kind: 'queue', queue, from: [], ...this.#whatGoesAlong(), isRouted: true };
  }

  /** Whoever is called back is meant for the same agent, as long as the caller would have waited. */
  #stickyWish(): Pick<CallbackRequest, 'sticky'> {
    const { sticky } = this.stage;
    if (sticky === undefined) return {};
    const forMs = Math.min(MAX_STICKY_MS, Math.max(0, sticky.until - this.#enteredAt));
    return { sticky: { agent: sticky.agent, forMs } };
  }

  async #takeCallback(number: string): Promise<Stage | undefined> {
    const { call, queue, s, stage } = this;
    const answer = await askForCallback(s, call, {
      queueId: queue.id,
      number,
      priority: stage.priority,
      enteredAt: this.#since,
      requirements: stage.requirements ?? [],
      attributes: stage.attributes ?? {},
      ...this.#stickyWish(),
    });
    await this.#comfort.stop();
    if (answer === 'accepted' || answer === 'exists-already') {
      this.#offers.withdrawAll();
      this.#outcome = 'callback';
      this.#reason = answer === 'accepted' ? 'callback-asked' : 'callback-exists';
      return {
        kind: 'announce',
        prompt: 'callback-done',
        then: ended('callback', 'system', 16, this.#reason),
      };
    }
    await this.scope.run('refusal', (scope) =>
      playPrompt(scope, call, s.prompts.named('callback-refused', call)),
    );
    this.#comfort.start();
    return undefined;
  }
}
