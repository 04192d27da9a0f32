import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AlarmId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { Alarm, AlarmQuery, AlarmStore } from './alarm.js';

export const MAX_NOTE = 500;

/** Alarms as people look at them. */
export class AlarmService {
  constructor(
    private readonly store: AlarmStore,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor, query: AlarmQuery): Promise<ListResult<Alarm>> {
    requirePermission(actor, 'alarms.read');
    return this.store.list(query);
  }

  async get(actor: Actor, id: AlarmId): Promise<Alarm> {
    requirePermission(actor, 'alarms.read');
    const alarm = await this.store.find(id);
    if (alarm === undefined) throw new AppError('not-found', `no alarm ${String(id)}`);
    return alarm;
  }

  /** Says that somebody looks after it. False where somebody else did before. */
  async acknowledge(actor: Actor, id: AlarmId, note: string): Promise<boolean> {
    await this.get(actor, id);
    if (note.length > MAX_NOTE)
      throw new AppError('invalid-fields', 'the note is too long', [
        { field: 'note', message: 'form.problem.too-long', params: { max: MAX_NOTE } },
      ]);
    return this.store.acknowledge(actor, id, note, new Date(this.clock.now()));
  }
}
