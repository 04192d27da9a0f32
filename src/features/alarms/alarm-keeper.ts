import { notePhones, type PhonePeaks } from '../../engines/alarm/phone-peak.js';
import { isQuiet } from '../../engines/alarm/quiet-hours.js';
import { AlarmWatch } from '../../engines/alarm/watch.js';
import type { Clock } from '../../kernel/clock.js';
import type { AlarmRuleId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { LiveSnapshot } from '../../telephony/live.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { Alarm, AlarmNews, AlarmStore, DueAlarmWebhook } from './alarm.js';
import type { StoredAlarmRule } from './alarm-rule.js';
import { readingsOf, type Facts, type OverdueCallers } from './readings.js';

/** How often everything is looked at, and what is asked of the database and the disk less often. */
const LOOK_MS = 1_000;
const SLOW_MS = 10_000;
/** Alarms that ended so long ago are removed. */
const KEPT_MS = 365 * 86_400_000;
const FORGET_MS = 3_600_000;

/** What the keeper asks. */
export interface AlarmSources {
  /** The picture of now; undefined where it is not fresh. */
  snapshot(): LiveSnapshot | undefined;
  /** Asterisk does not answer by SIP; undefined where nobody says so. */
  isSipSilent(): Promise<boolean | undefined>;
  /** Share of calls that failed lately, in percent; undefined where there are too few. */
  failedPercent(now: number): Promise<number | undefined>;
  /** How full the disk is on which the product keeps things, in percent. */
  diskPercent(): Promise<number | undefined>;
  /** Days that were counted anew lately and do not add up. */
  differingDays(now: number): Promise<readonly string[]>;
  /** People who did not reach us and are overdue. */
  overdueCallers(now: number): Promise<readonly OverdueCallers[]>;
  rules(): Promise<readonly StoredAlarmRule[]>;
  /** Phones that were there, over a restart. */
  readonly peaks: {
    read(): Promise<PhonePeaks>;
    write(peaks: PhonePeaks): Promise<void>;
  };
}

export interface AlarmKeeperParts {
  readonly store: AlarmStore;
  readonly sources: AlarmSources;
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'info' | 'warn' | 'error'>;
  readonly zone: string;
  /** What mail and webhook say. */
  readonly news: (alarm: Alarm, rule: StoredAlarmRule | undefined) => AlarmNews;
  /** Gives a webhook to the queue that sends it; what is given twice is sent once. */
  readonly send: (webhook: DueAlarmWebhook) => Promise<void>;
}

/** Looks at everything each second, and keeps what is wrong. While the database is away it looks on and writes later. */
export class AlarmKeeper {
  #watch: AlarmWatch | undefined;
  #rules: readonly StoredAlarmRule[] = [];
  #peaks: PhonePeaks = [];
  #slow: Pick<Facts, 'failedPercent' | 'diskPercent' | 'differingDays' | 'overdueCallers'> = {
    ...{ failedPercent: undefined, diskPercent: undefined, differingDays: [], overdueCallers: [] },
  };
  #slowAt = -Infinity;
  #forgotAt = -Infinity;

  constructor(private readonly parts: AlarmKeeperParts) {}

  run(server: Scope): void {
    server.fork('alarms', async (scope) => {
      let isAway = false;
      for (;;) {
        try {
          await this.look();
          isAway = false;
        } catch (error) {
          if (scope.cancelled) return;
          if (!isAway) this.parts.log.warn({ err: error }, 'alarms cannot be kept now');
          isAway = true;
          // What was open is read again: what began meanwhile and was not written begins anew.
          this.#watch = undefined;
        }
        await this.parts.clock.sleep(LOOK_MS, scope.signal);
      }
    });
  }

  /** One look. Rejects where the database is away. */
  async look(): Promise<void> {
    const { store, clock, sources } = this.parts;
    const now = clock.now();
    if (this.#watch === undefined) {
      const open = await store.open();
      this.#peaks = await sources.peaks.read();
      this.#watch = new AlarmWatch(open.map(({ ruleId, subject }) => ({ rule: ruleId, subject })));
      this.#rules = await sources.rules();
      for (const gone of open.filter(({ ruleId }) => !this.#rules.some(({ id }) => id === ruleId)))
        await store.end(gone.ruleId, gone.subject, new Date(now));
    }
    await this.#readSlow(now);
    const facts = await this.#facts(now);
    for (const rule of this.#rules) await this.#lookAt(rule, facts, this.#watch);
    await this.#tell(now);
    for (const due of await store.dueWebhooks(100)) {
      await this.parts.send(due);
      await store.noteGiven(due.id, new Date(clock.now()));
    }
  }

  async #readSlow(now: number): Promise<void> {
    if (now - this.#slowAt < SLOW_MS) return;
    this.#slowAt = now;
    const { sources, store } = this.parts;
    const [rules, failedPercent, diskPercent, differingDays, overdueCallers] = await Promise.all([
      sources.rules(),
      sources.failedPercent(now),
      sources.diskPercent(),
      sources.differingDays(now),
      sources.overdueCallers(now),
    ]);
    this.#slow = { failedPercent, diskPercent, differingDays, overdueCallers };
    for (const { id } of this.#rules.filter((old) => !rules.some((rule) => rule.id === old.id)))
      for (const { subject } of this.#watch?.drop(id) ?? [])
        await store.end(id, subject, new Date(now));
    this.#rules = rules;
    if (now - this.#forgotAt < FORGET_MS) return;
    this.#forgotAt = now;
    await store.forget(new Date(now - KEPT_MS));
  }

  async #facts(now: number): Promise<Facts> {
    const { sources } = this.parts;
    const heard = sources.snapshot();
    const isSipSilent = await sources.isSipSilent();
    const snapshot = heard?.pbxOnline === true && isSipSilent !== true ? heard : undefined;
    if (snapshot !== undefined) {
      const registered = snapshot.extensions.filter((one) => one.registered).length;
      const lost = this.#rules.find(({ kind }) => kind === 'phones-lost');
      const keeps = lost !== undefined && (this.#watch?.isOpen(lost.id, 'all') ?? false);
      const peaks = notePhones(this.#peaks, registered, now, keeps);
      if (peaks !== this.#peaks) await sources.peaks.write(peaks);
      this.#peaks = peaks;
    }
    return {
      ...{ at: now, snapshot, phonePeaks: this.#peaks, ...this.#slow },
      isPbxAway: snapshot === undefined,
    };
  }

  async #lookAt(rule: StoredAlarmRule, facts: Facts, watch: AlarmWatch): Promise<void> {
    const { store, log } = this.parts;
    const limit = { ...rule, holdMs: rule.holdS * 1_000 };
    const { begins, ends } = watch.look(limit, readingsOf(rule, facts), facts.at);
    for (const begin of begins) {
      const id = await store.begin(rule, begin, new Date(facts.at));
      if (id === undefined) continue;
      log.error(
        { alarm: rule.kind, rule: rule.name, subject: begin.subject, value: begin.value },
        'an alarm began',
      );
    }
    for (const { subject } of ends) {
      await store.end(rule.id, subject, new Date(facts.at));
      log.info({ alarm: rule.kind, rule: rule.name, subject }, 'an alarm ended');
    }
  }

  /** During quiet hours nobody is told; when they are over, those of what lasts still. */
  async #tell(now: number): Promise<void> {
    const { store, zone, news } = this.parts;
    for (const alarm of await store.untold()) {
      const rule = this.#rules.find(({ id }) => id === (alarm.ruleId satisfies AlarmRuleId));
      const quiet = { fromMin: rule?.quietFrom ?? 0, toMin: rule?.quietTo ?? 0 };
      if (isQuiet(quiet, now, zone)) continue;
      const moment = alarm.endedAt === undefined ? 'began' : 'ended';
      await store.tell(alarm.id, moment, news(alarm, rule), new Date(now));
    }
  }
}
