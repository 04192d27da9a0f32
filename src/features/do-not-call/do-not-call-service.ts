import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { CampaignId } from '../../kernel/ids.js';
import { telephoneNumber } from '../contacts/index.js';
import type {
  DoNotCallEntry,
  DoNotCallPage,
  DoNotCallQuery,
  DoNotCallSource,
  DoNotCallStore,
} from './do-not-call.js';

/** Numbers that nobody calls: look, add, take off. Each is written down, with its reason. */
export class DoNotCallService {
  constructor(
    private readonly store: DoNotCallStore,
    private readonly country: string,
    private readonly isPrivate: () => boolean,
  ) {}

  list(actor: Actor, query: Omit<DoNotCallQuery, 'wholeOnly'>): Promise<DoNotCallPage> {
    requirePermission(actor, 'lists.edit');
    const wholeOnly = this.isPrivate() && !can(actor, 'numbers.read');
    return this.store.list({ ...query, wholeOnly });
  }

  async get(actor: Actor, id: number): Promise<DoNotCallEntry> {
    requirePermission(actor, 'lists.edit');
    const found = await this.store.find(id);
    if (found === undefined) throw new AppError('not-found', `no number ${String(id)}`);
    return found;
  }

  /**
   * Puts a number on the list as E.164; throws `invalid-fields` at `number` where it is none. False where it was there. It holds
   * from the next dial on.
   */
  async add(
    actor: Actor,
    typed: {
      readonly number: string;
      readonly campaignId: number;
      readonly note: string;
      readonly source: DoNotCallSource;
    },
  ): Promise<boolean> {
    requirePermission(actor, 'lists.edit');
    const number = telephoneNumber(typed.number, this.country);
    if (number === undefined)
      throw new AppError('invalid-fields', 'no number', [
        { field: 'number', message: 'do-not-call.problem.number' },
      ]);
    const campaignId = typed.campaignId as CampaignId | 0;
    if (campaignId !== 0 && !(await this.campaigns()).some(({ id }) => id === campaignId))
      throw new AppError('invalid-fields', 'no such campaign', [
        { field: 'campaignId', message: 'form.problem.choose' },
      ]);
    const entry = { number, campaignId, source: typed.source, note: typed.note };
    return this.store.add(entry, actor, (audit, id) =>
      audit.record(actor, {
        action: 'do-not-call.add',
        objectKind: 'do-not-call',
        objectId: String(id),
        objectName: number,
        changes: { campaignId: ['', campaignId], note: ['', typed.note] },
      }),
    );
  }

  /** Takes a number off; the reason is asked for, because somebody has wished not to be called. */
  async remove(actor: Actor, id: number, reason: string): Promise<void> {
    const entry = await this.get(actor, id);
    if (reason === '')
      throw new AppError('invalid-fields', 'no reason', [
        { field: 'reason', message: 'form.problem.needed' },
      ]);
    await this.store.remove(id, (audit) =>
      audit.record(actor, {
        action: 'do-not-call.remove',
        objectKind: 'do-not-call',
        objectId: String(id),
        objectName: entry.number,
        changes: { note: [entry.note, ''], reason: ['', reason.slice(0, 200)] },
      }),
    );
  }

  campaigns(): ReturnType<DoNotCallStore['campaigns']> {
    return this.store.campaigns();
  }
}
