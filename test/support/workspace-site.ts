import { makeLogger } from '../../src/adapters/log/logger.js';
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { makeSealer } from '../../src/adapters/crypto/seal.js';
import { openDesk, serveDesk } from '../../src/adapters/redis/desk.js';
import { makeLivePublisher, openLiveView } from '../../src/adapters/redis/live.js';
import { openDirectory, type LiveDirectory } from '../../src/features/directory/index.js';
import { makeNotReadyToday } from '../../src/features/not-ready-reasons/index.js';
import { makeCampaignWorkFeature } from '../../src/features/campaign-work/index.js';
import { makeFollowUpsFeature } from '../../src/features/follow-ups/index.js';
import { makeWorkspaceFeature } from '../../src/features/workspace/index.js';
import type { CallEventBody } from '../../src/kernel/call-event.js';
import { newCallId, newId, type AgentId, type CallId } from '../../src/kernel/ids.js';
import type { Desk, DeskAnswer, DeskCommand, LiveSnapshot } from '../../src/telephony/live.js';
import {
  ADA,
  BILLING,
  MARA,
  PHONE_2001,
  PHONE_2002,
  REPAIRS,
  snapshotOf,
  THEO,
  type Moment,
} from './live-moments.js';
import { TestSite } from './web.js';

const log = makeLogger('silent');
const BEAT_MS = 1_000;

/**
 * The real web app with the agent's page, on a MariaDB and a Redis of the suite's own. The suite plays the process that
 * runs the calls: it publishes what happens over Redis ({@link show}), and takes commands ({@link commands}) with
 * `answer`. The users `mara` and `theo` work as agents.
 */
export class WorkspaceSite {
  readonly commands: DeskCommand[] = [];
  answer: (command: DeskCommand) => DeskAnswer | Promise<DeskAnswer> = () => ({ ok: true });
  #seq = Date.now();
  #moment: Moment = {};
  #beat: NodeJS.Timeout | undefined;
  #desk: { close(): void } | undefined;

  private constructor(
    readonly site: TestSite,
    private readonly publish: (snapshot: LiveSnapshot) => void,
    readonly directory: LiveDirectory,
    private readonly closers: readonly { close(): void }[],
  ) {}

  static async start(): Promise<WorkspaceSite> {
    const late: { directory?: LiveDirectory; desk?: Desk } = {};
    const site = await TestSite.start(({ database, live, announcer }) => {
      const common = {
        ...{ database, announcer, clock: systemClock, zone: 'Europe/London', country: 'GB' },
        directory: {
          get current() {
            return ready(late.directory).current;
          },
        },
      };
      const followUps = makeFollowUpsFeature({
        ...common,
        windows: { ask: () => Promise.resolve({ isOpen: true, openAt: undefined }) },
      });
      const workspace = makeWorkspaceFeature({
        ...common,
        liveView: live,
        desk: { ask: (command) => ready(late.desk).ask(command) },
        notReadyToday: makeNotReadyToday({ ...common, logger: log }),
        results: followUps.results,
      });
      return [
        workspace,
        followUps,
        makeCampaignWorkFeature({
          ...{ ...common, calls: workspace.wrapUp, followUps: followUps.service },
        }),
      ];
    });
    await addCompany(site);
    const { redis, database, live } = site.parts;
    const view = await openLiveView(redis, log);
    view.onChange((snapshot) => {
      live.publish(snapshot);
    });
    const desk = openDesk(redis, log);
    late.desk = desk;
    late.directory = await openDirectory(database, makeSealer(Buffer.alloc(32, 7)), log);
    const suite = new WorkspaceSite(site, makeLivePublisher(redis, log), late.directory, [
      view,
      desk,
      late.directory,
    ]);
    suite.openDesk();
    return suite;
  }

  /** Listens to commands, as the process that runs the calls does. */
  openDesk(): void {
    this.#desk = serveDesk(this.site.parts.redis, log, (command) => {
      this.commands.push(command);
      return Promise.resolve(this.answer(command));
    });
  }

  /** From here on nobody answers commands. */
  closeDesk(): void {
    this.#desk?.close();
  }

  /** Publishes what happens now, and again every second, as the process that runs the calls does. */
  show(moment: Moment): void {
    this.#moment = moment;
    this.#publishNow();
    this.#beat ??= setInterval(() => {
      this.#publishNow();
    }, BEAT_MS);
  }

  /** Reads the configuration again, as every process does after a save. */
  refreshDirectory(): Promise<void> {
    return this.directory.refresh();
  }

  /** From here on nothing is published. */
  fallSilent(): void {
    clearInterval(this.#beat);
    this.#beat = undefined;
  }

  #publishNow(): void {
    this.publish(snapshotOf(this.#moment, ++this.#seq));
  }

  /** A call of the past. Times in ms before now. */
  async addCall(call: {
    readonly id?: CallId;
    readonly from?: string;
    readonly name?: string;
    readonly agentId?: AgentId;
    readonly startedMsAgo: number;
    readonly talkMs?: number;
    readonly result?: string | null;
  }): Promise<CallId> {
    const id = call.id ?? newCallId();
    const startedAt = new Date(Date.now() - call.startedMsAgo);
    const isOpen = call.result === null;
    const talkMs = call.talkMs ?? 0;
    await this.site.parts.database('calls').insert({
      id,
      started_at: startedAt,
      answered_at: talkMs > 0 ? startedAt : null,
      ended_at: isOpen ? null : new Date(startedAt.getTime() + talkMs),
      direction: 'inbound',
      from_number: call.from ?? ADA,
      from_name: call.name ?? 'Ada Finch',
      to_number: '+448005550110',
      result: isOpen ? null : (call.result ?? 'answered'),
      node: 'pbx-1',
      queue_id: REPAIRS,
      agent_id: call.agentId ?? null,
      wait_ms: 66_000,
      talk_ms: talkMs,
    });
    if (talkMs > 0 && !isOpen && call.agentId !== undefined)
      await this.addTalk(id, call.agentId, startedAt, talkMs);
    return id;
  }

  /** What the ledger folds of a talk that is over. */
  async addTalk(callId: CallId, agentId: AgentId, startedAt: Date, talkMs: number): Promise<void> {
    await this.site.parts.database('call_talks').insert({
      ...{ call_id: callId, n: 0, leg_id: `${callId}-agent`, agent_id: agentId },
      ...{ queue_id: REPAIRS, kind: 'talk', started_at: startedAt },
      ended_at: new Date(startedAt.getTime() + talkMs),
      ...{ talk_ms: talkMs, hold_ms: 0, ending: 'over', test: false },
    });
  }

  /** A line of the ledger. */
  async addEvent(callId: CallId, seq: number, event: CallEventBody): Promise<void> {
    const { kind, ...body } = event;
    const row = {
      id: newId(),
      call_id: callId,
      seq,
      at: new Date(),
      kind,
      body: JSON.stringify(body),
    };
    await this.site.parts.database('call_events').insert(row);
  }

  async stop(): Promise<void> {
    this.fallSilent();
    this.closeDesk();
    for (const part of this.closers) part.close();
    await this.site.stop();
  }
}

function ready<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the suite is not ready yet');
  return part;
}

async function addCompany(site: TestSite): Promise<void> {
  const { database } = site.parts;
  const phone = { permission: 'national', secret_sealed: '' };
  await database('extensions').insert([
    { id: PHONE_2001, number: '2001', name: 'Mara Quill', ...phone },
    { id: PHONE_2002, number: '2002', name: 'Theo Lark', ...phone, permission: 'internal' },
  ]);
  const overflow = JSON.stringify({ kind: 'hangup' });
  await database('queues').insert([
    { id: REPAIRS, name: 'Repairs', overflow },
    { id: BILLING, name: 'Billing', overflow },
  ]);
  await database('dids').insert({
    number: '+448005550110',
    name: 'Repairs line',
    target: overflow,
  });
  const mara = await site.addUser('mara', 'agent', 'Mara Quill');
  const theo = await site.addUser('theo', 'agent', 'Theo Lark');
  await database('agents').insert([
    { id: MARA, user_id: mara, name: 'Mara Quill', number: '2107', extension_id: PHONE_2001 },
    { id: THEO, user_id: theo, name: 'Theo Lark', number: '2108', extension_id: PHONE_2002 },
  ]);
  const members = [MARA, THEO].flatMap((agent_id) =>
    [REPAIRS, BILLING].map((queue_id) => ({ queue_id, agent_id })),
  );
  await database('queue_members').insert(members);
}
