import { makeDecisionWriter, makeDecisionLog } from '../../src/adapters/redis/decision-log.js';
import { makeAuditFeature } from '../../src/features/audit/index.js';
import { makeHomeFeature } from '../../src/features/home/index.js';
import { makeLiveQueuesFeature } from '../../src/features/live-queues/index.js';
import { makeNotReadyToday } from '../../src/features/not-ready-reasons/index.js';
import type { CallEventBody } from '../../src/kernel/call-event.js';
import { newId, type CallId } from '../../src/kernel/ids.js';
import type { DeskAnswer, DeskCommand, LiveDecision } from '../../src/telephony/live.js';
import {
  BILLING,
  GERMAN,
  MARA,
  PHONE_2001,
  PHONE_2002,
  REPAIRS,
  snapshotOf,
  THEO,
  type Moment,
} from './live-moments.js';
import { TestSite } from './web.js';

const BEAT_MS = 1_000;

/**
 * The real web app with the live pages of queues and agents. The suite plays the process that runs the calls: it shows
 * moments ({@link show}), takes {@link commands} and answers them with `answer`. Mara and Theo serve Repairs and Billing.
 */
export class LiveQueueSite {
  readonly commands: DeskCommand[] = [];
  answer: (command: DeskCommand) => DeskAnswer | Promise<DeskAnswer> = () => ({ ok: true });
  #seq = 0;
  #moment: Moment = {};
  #beat: NodeJS.Timeout | undefined;

  private constructor(
    readonly site: TestSite,
    private readonly takeCommand: { take?: (command: DeskCommand) => Promise<DeskAnswer> },
  ) {
    this.takeCommand.take = (command) => {
      this.commands.push(command);
      return Promise.resolve(this.answer(command));
    };
  }

  static async start(): Promise<LiveQueueSite> {
    const late: { take?: (command: DeskCommand) => Promise<DeskAnswer> } = {};
    const site = await TestSite.start(({ database, live, clock, directory, log, redis }) => {
      const zone = 'Europe/London';
      const notReadyToday = makeNotReadyToday({ database, clock, zone, logger: log });
      const common = { database, live, clock, directory, logger: log, notReadyToday };
      const home = makeHomeFeature({ ...common, timezone: zone });
      const queues = makeLiveQueuesFeature({
        ...common,
        zone,
        figures: home.figures,
        decisions: makeDecisionLog(redis),
        desk: {
          ask: (command) => {
            if (late.take === undefined) throw new Error('the suite is not ready yet');
            return late.take(command);
          },
        },
      });
      return [home, queues, makeAuditFeature(database)];
    });
    const suite = new LiveQueueSite(site, late);
    await addCompany(site);
    suite.show({});
    return suite;
  }

  /** Publishes what happens now, and again every second, as the process that runs the calls does. */
  show(moment: Moment): void {
    this.#moment = moment;
    this.#publish();
    this.#beat ??= setInterval(() => {
      this.#publish();
    }, BEAT_MS);
  }

  #publish(): void {
    this.site.parts.live.publish(snapshotOf(this.#moment, ++this.#seq));
  }

  /** Writes decisions as the calls do; the oldest first. */
  decide(...decisions: readonly LiveDecision[]): void {
    const { redis, log } = this.site.parts;
    for (const decision of decisions) makeDecisionWriter(redis, log)(decision);
  }

  /** A line of the ledger. */
  async addEvent(callId: CallId, seq: number, event: CallEventBody, at = new Date()) {
    const { kind, ...body } = event;
    await this.site.parts.database('call_events').insert({
      id: newId(),
      call_id: callId,
      seq,
      at,
      kind,
      body: JSON.stringify(body),
    });
  }

  /** Lines of the audit log about what the live pages do, the oldest first. */
  async auditLines(): Promise<readonly string[]> {
    const rows = await this.site.parts
      .database('audit_entries')
      .whereIn('object_kind', ['call', 'agent'])
      .orderBy('id')
      .select<{ user_name: string; action: string; object_name: string; changes: unknown }[]>(
        'user_name',
        'action',
        'object_name',
        'changes',
      );
    return rows.map((row) =>
      [row.user_name, row.action, row.object_name, JSON.stringify(row.changes)].join(' | '),
    );
  }

  stop(): Promise<void> {
    clearInterval(this.#beat);
    return this.site.stop();
  }
}

async function addCompany(site: TestSite): Promise<void> {
  const { database, directory } = site.parts;
  const overflow = JSON.stringify({ kind: 'hangup' });
  await database('queues').insert([
    { id: REPAIRS, name: 'Repairs', overflow, service_level_s: 60 },
    { id: BILLING, name: 'Billing', overflow },
  ]);
  const phone = { permission: 'national', secret_sealed: '' };
  await database('extensions').insert([
    { id: PHONE_2001, number: '2001', name: 'Mara Quill', ...phone },
    { id: PHONE_2002, number: '2002', name: 'Theo Lark', ...phone },
  ]);
  await database('agents').insert([
    { id: MARA, name: 'Mara Quill', number: '2107' },
    { id: THEO, name: 'Theo Lark', number: '2108' },
  ]);
  await database('queue_members').insert(
    [MARA, THEO].flatMap((agent_id) =>
      [REPAIRS, BILLING].map((queue_id) => ({ queue_id, agent_id })),
    ),
  );
  await database('skills').insert({ id: GERMAN, name: 'German' });
  await database('agent_skills').insert({ agent_id: MARA, skill_id: GERMAN, level: 80 });
  await database('not_ready_reasons').where({ code: 'lunch' }).update({ limit_min: 30 });
  await directory.refresh();
}
