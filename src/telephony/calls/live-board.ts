import type { Clock } from '../../kernel/clock.js';
import type { CallId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { Directory } from '../directory.js';
import type { LiveExtension, LiveSnapshot, LiveTrunk } from '../live.js';
import type { AgentRoster } from './agent-roster.js';
import type { Call } from './call.js';
import { liveQueues, type WaitingPerson } from './live-lines.js';

/** Changes within this time go out together: pages need no more than about seven pictures a second. */
const GATHER_MS = 150;
/** A picture goes out at least this often, so that pages know that the calls still run. */
const HEARTBEAT_MS = 2_000;

interface BoardDependencies {
  readonly clock: Clock;
  readonly roster: () => AgentRoster;
  readonly directory: Directory;
  readonly calls: ReadonlyMap<CallId, Call>;
  /** Who waits in line with this id. */
  readonly person: (call: CallId) => WaitingPerson;
  readonly trunks: () => readonly Omit<LiveTrunk, 'channels'>[];
  readonly extensions: () => readonly LiveExtension[];
  readonly isPbxOnline: () => boolean;
  readonly publish: (snapshot: LiveSnapshot) => void;
}

/** Draws the picture of everything that happens now, and publishes it when something changed. */
export class LiveBoard {
  #seq: number;
  #scheduled = false;

  constructor(
    private readonly scope: Scope,
    private readonly deps: BoardDependencies,
  ) {
    // Rising also over a restart, so that pages never take an older picture for a newer one.
    this.#seq = deps.clock.now();
    scope.fork('live heartbeat', async (s) => {
      for (;;) {
        this.#publish();
        await deps.clock.sleep(HEARTBEAT_MS, s.signal);
      }
    });
  }

  changed(): void {
    if (this.#scheduled || this.scope.cancelled) return;
    this.#scheduled = true;
    this.scope.fork('live picture', async (s) => {
      await this.deps.clock.sleep(GATHER_MS, s.signal);
      this.#scheduled = false;
      this.#publish();
    });
  }

  #publish(): void {
    this.deps.publish(this.#draw());
  }

  #draw(): LiveSnapshot {
    const { deps } = this;
    const calls = [...deps.calls.values()];
    const roster = deps.roster();
    const at = deps.clock.now();
    return {
      seq: ++this.#seq,
      at,
      pbxOnline: deps.isPbxOnline(),
      queues: liveQueues(roster.acd, deps.directory, at, deps.person),
      agents: roster.liveAgents,
      calls: calls.map((call) => call.live),
      trunks: deps.trunks().map((trunk) => ({
        ...trunk,
        channels: calls.filter((call) => call.trunkId === trunk.id).length,
      })),
      extensions: deps.extensions(),
    };
  }
}
