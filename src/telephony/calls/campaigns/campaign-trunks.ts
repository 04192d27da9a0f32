import type { Clock } from '../../../kernel/clock.js';
import type { TrunkId } from '../../../kernel/ids.js';
import type { TrunkConfig } from '../../directory.js';
import { trunksFor } from '../../stages/trunk-dialling.js';
import type { CallLog, CallServices } from '../services.js';
import { linesOfTrunks } from '../trunk-lines.js';
import { TrunkHealth } from './trunk-health.js';

/** A trunk that was tried so often, and refuses still, stops the campaigns: people must look at it. */
const TRIES_UNTIL_HALT = 3;

interface TrunkParts extends Pick<CallServices, 'calls' | 'directory' | 'endpoints'> {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly onChange: () => void;
  /** Trunks of lines that are no calls yet. */
  readonly dialling: () => readonly TrunkId[];
}

/** The trunks as campaigns use them: those that answer, have a free line, and do not refuse everything. */
export class CampaignTrunks {
  readonly health: TrunkHealth;

  constructor(private readonly parts: TrunkParts) {
    const { log, directory, onChange } = parts;
    const nameOf = (id: TrunkId): string => directory.current.trunks.get(id)?.name ?? '';
    this.health = new TrunkHealth({
      onRefusing: (id) => {
        log.error({ trunkId: id, trunk: nameOf(id) }, 'a trunk refuses every call');
        onChange();
      },
      onWorking: (id) => {
        log.info({ trunkId: id, trunk: nameOf(id) }, 'a trunk takes calls again');
        onChange();
      },
    });
  }

  /** Those over which a line may be dialled now, the best first. */
  get usable(): readonly TrunkConfig[] {
    const { parts, health } = this;
    const at = parts.clock.now();
    return trunksFor({ ...parts, campaigns: { dialling: parts.dialling() } }).filter(
      ({ id }) => parts.endpoints.isTrunkOnline(id) && health.room(id, at) > 0,
    );
  }

  /** Lines that those have free. */
  get freeLines(): number {
    const { parts, health } = this;
    const at = parts.clock.now();
    const used = linesOfTrunks(parts.calls.values(), parts.dialling());
    return this.usable.reduce((sum, { id, maxChannels }) => {
      const free = maxChannels === 0 ? Infinity : maxChannels - (used.get(id) ?? 0);
      return sum + Math.min(free, health.room(id, at));
    }, 0);
  }

  /** Why nothing goes out over any of them; undefined where something may. */
  get hold(): 'no-trunk' | 'trunks-refuse' | undefined {
    const at = this.parts.clock.now();
    const answering = this.#answering;
    if (answering.length === 0) return 'no-trunk';
    const refuse = answering.every(({ id }) => this.health.room(id, at) === 0);
    return refuse ? 'trunks-refuse' : undefined;
  }

  /** Every trunk was tried again, in vain: people must look. */
  get isVain(): boolean {
    return this.#answering.every(({ id }) => this.health.triesOf(id) >= TRIES_UNTIL_HALT);
  }

  /** Those that refused everything a short while ago. */
  get refusingNow(): readonly TrunkId[] {
    const at = this.parts.clock.now();
    return [...this.parts.directory.current.trunks.keys()].filter((id) =>
      this.health.refusesNow(id, at),
    );
  }

  /** Names of those that refuse everything. */
  get refusing(): readonly string[] {
    return [...this.parts.directory.current.trunks.values()]
      .filter(({ id }) => this.health.isRefusing(id))
      .map(({ name }) => name);
  }

  /** Those that are set up and answer. */
  get #answering(): readonly TrunkConfig[] {
    const { directory, endpoints } = this.parts;
    return [...directory.current.trunks.values()].filter(
      ({ id, enabled, pbx }) => enabled && pbx === undefined && endpoints.isTrunkOnline(id),
    );
  }
}
