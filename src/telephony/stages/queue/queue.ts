import { overflowReason } from '../../../engines/acd/overflow.js';
import type { SkillRequirement } from '../../../engines/acd/requirement.js';
import type { QueueOutcome } from '../../../kernel/call-event.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type Stage, type StageOf } from '../../calls/stage.js';
import type { QueueConfig } from '../../directory.js';
import type { QueueId } from '../../../kernel/ids.js';
import { enterFlow } from '../ivr/ivr.js';
import { stageOfTarget } from '../target.js';
import { playPrompt } from '../../calls/prompts.js';
import { Comfort } from './comfort.js';
import { Offers } from './offers.js';
import { Mailbox, type Wake } from './wake.js';

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
    { ...facts, language },
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
  if (decision.flow !== undefined) return enterFlow(s, decision.flow);
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

/** What rules ask counts before what the flow asked, where both speak of one skill. */
const bothRequirements = (
  first: readonly SkillRequirement[],
  second: readonly SkillRequirement[],
): readonly SkillRequirement[] => [
  ...first,
  ...second.filter(({ skill }) => !first.some((one) => one.skill === skill)),
];

/** Whoever calls again while a callback is open takes the place that was kept, and is not called back. */
function placeOfCallback(s: CallServices, call: Call, queue: QueueId): number | undefined {
  const open = call.facts.from === '' ? undefined : s.callbacks.openFor(call.facts.from);
  if (open?.queueId !== queue || !s.callbacks.close(open.id, 'returned')) return undefined;
  return open.enteredAt;
}

class QueueWait {
  /** When the caller came into this queue, and since when it has waited in any. */
  readonly #enteredAt: number;
  readonly #since: number;
  readonly #isNew: boolean;
  readonly #mailbox = new Mailbox();
  readonly #comfort: Comfort;
  readonly #offers: Offers;
  #outcome: QueueOutcome | undefined;
  #reason = 'caller-left';
  /** The wait is over: why. */
  #sendOn: string | undefined;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly stage: StageOf<'queue'>,
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
    const { call, queue, s, stage } = this;
    call.queueId = queue.id;
    call.enter({ ...stage, enteredAt: this.#enteredAt });
    try {
      const reason = this.#whyNotHere(this.#isNew);
      if (reason !== undefined) {
        this.#noteEntry();
        return this.#overflow(reason);
      }
      this.#comfort.start();
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

  #whyNotHere(isNew: boolean): string | undefined {
    const { queue, s, call } = this;
    const { engine } = s.roster.acd;
    const line = engine.line(queue.id)?.all.length ?? 0;
    return overflowReason(queue, {
      others: engine.waiter(call.id) === undefined ? line : line - 1,
      signedIn: engine.signedIn(queue.id),
      isOpen: s.isOpen(queue, call.clock.now()),
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
    const { call, queue } = this;
    const sendOn = (reason: string): void => {
      this.#mailbox.put({ kind: 'send-on', reason });
    };
    if (queue.maxWaitMs > 0)
      this.scope.fork('max wait', async (scope) => {
        const left = this.#enteredAt + queue.maxWaitMs - call.clock.now();
        await call.clock.sleep(Math.max(0, left), scope.signal);
        sendOn('max-wait');
      });
    this.scope.fork('limits', async (scope) => {
      for (;;) {
        await call.clock.sleep(LOOK_MS, scope.signal);
        const reason = this.#whyNotHere(false);
        if (reason === undefined) continue;
        sendOn(reason);
        return;
      }
    });
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
      case 'steered':
        await this.#comfort.stop();
        return this.#moveTo(wake.queue);
      case 'callback-wanted':
        return this.#takeCallback(wake.number);
    }
  }

  async #rang({ agent, outcome }: Extract<Wake, { kind: 'rang' }>): Promise<Stage | undefined> {
    if (outcome === undefined) return undefined;
    if (outcome.kind !== 'answered') {
      this.#offers.failed(agent, outcome);
      return this.#goOn();
    }
    await this.#comfort.stop();
    const talk = await this.#offers.connect(agent, outcome.leg);
    if (talk !== undefined) {
      this.#outcome = 'answered';
      this.#reason = 'answered';
      return talk;
    }
    this.#comfort.start();
    return this.#goOn();
  }

  /** A phone that rings is not stopped because the wait is over just now; nobody else is rung. */
  async #goOn(): Promise<Stage | undefined> {
    if (this.#sendOn === undefined || this.#offers.isRinging) return undefined;
    await this.#comfort.stop();
    return this.#overflow(this.#sendOn);
  }

  #overflow(reason: string): Stage {
    const isClosed = reason === 'queue-closed';
    this.#outcome = isClosed ? 'closed' : 'overflowed';
    this.#reason = reason;
    const { overflow } = this.queue;
    if (overflow.kind === 'hangup')
      return {
        kind: 'announce',
        prompt: isClosed ? 'closed' : 'nobody-answers',
        then: ended(isClosed ? 'closed' : 'overflowed', 'system', 19, reason),
      };
    return stageOfTarget(this.s, overflow, [...this.stage.from, this.queue.id]);
  }

  #moveTo(queue: QueueConfig['id']): Stage {
    this.#offers.withdrawAll();
    this.#outcome = 'overflowed';
    this.#reason = 'moved-by-supervisor';
    const { priority, from } = this.stage;
    // The time of entry goes along: whoever is moved has waited already.
    return { kind: 'queue', queue, priority, from, since: this.#since, isRouted: true };
  }

  async #takeCallback(number: string): Promise<Stage | undefined> {
    const { call, queue, s, stage } = this;
    const answer = await s.callbacks.request({
      queueId: queue.id,
      callId: call.id,
      number,
      name: number === call.facts.from ? call.facts.fromName : '',
      priority: stage.priority,
      enteredAt: this.#since,
      requirements: stage.requirements ?? [],
      language: call.language,
    });
    await this.#comfort.stop();
    if (answer === 'accepted' || answer === 'exists-already') {
      this.#offers.withdrawAll();
      const open = s.callbacks.openFor(number);
      if (open !== undefined)
        call.record({
          kind: 'callback-asked',
          callbackId: open.id,
          queueId: queue.id,
          number: open.number,
        });
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
