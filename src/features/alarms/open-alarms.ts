import type { Logger } from '../../adapters/log/logger.js';
import type { LiveTopic, LiveValue, LiveValues } from '../../web/kit/index.js';
import type { Alarm, AlarmStore } from './alarm.js';

/** Read again so often while somebody looks: an alarm is on the page within that time. */
const FRESH_MS = 1_000;
const WATCHED_MS = 10_000;
export const ALARMS_TOPIC = 'alarms';

/** What is open now, for the mark in the head of every page. It is read also while the process that runs the calls is silent. */
export class OpenAlarms {
  #latest: readonly Alarm[] = [];
  #text = '';
  #lookedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly store: Pick<AlarmStore, 'open'>,
    private readonly now: () => number,
    private readonly logger: Logger,
  ) {}

  /** `alarms`: what the mark says. */
  get topic(): LiveTopic {
    return {
      name: ALARMS_TOPIC,
      access: 'alarms.read',
      sharedBy: () => 'all',
      values: (_snapshot, { t }) => {
        this.#watch();
        return this.#values(t('alarms.mark-label', { count: this.#latest.length }));
      },
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => {
          this.#listeners.delete(listener);
          clearTimeout(this.#timer);
          this.#timer = undefined;
        };
      },
    };
  }

  #values(label: string): LiveValues {
    const count = this.#latest.length;
    const isCritical = this.#latest.some(({ level }) => level === 'critical');
    const values: Record<string, LiveValue> = {
      'alarms.count': count === 0 ? '' : count,
      'alarms.label': label,
      'alarms.tone': count === 0 ? '' : isCritical ? 'critical' : 'warning',
      'alarms.revision': this.#text,
    };
    return values;
  }

  #watch(): void {
    this.#lookedAt = this.now();
    this.#arm();
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, FRESH_MS);
    this.#timer.unref();
  }

  async #read(): Promise<void> {
    try {
      this.#latest = await this.store.open();
      const text = this.#latest
        .map(({ id, acknowledgedAt }) => `${String(id)}${acknowledgedAt === undefined ? '' : '+'}`)
        .join(' ');
      const isNew = text !== this.#text;
      this.#text = text;
      // Whoever listens asks for the values, and so keeps the reading going.
      const isDue = this.now() - this.#lookedAt > WATCHED_MS / 2;
      if (isNew || isDue) for (const listener of this.#listeners) listener();
    } catch (error) {
      this.logger.debug({ err: error }, 'open alarms could not be read');
    }
    if (this.now() - this.#lookedAt < WATCHED_MS) this.#arm();
  }
}
