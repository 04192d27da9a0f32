import { z } from 'zod';
import { AppError } from '../../kernel/errors.js';
import { parseFields } from '../../kernel/fields.js';
import type { ApiRoute } from '../../web/kit/index.js';
import { telephoneNumber } from '../contacts/index.js';
import { NOTE_MAX, type DoNotCallEntry } from './do-not-call.js';
import type { DoNotCallService } from './do-not-call-service.js';

const MOST_ENTRIES = 200;

const additionSchema = z.object({
  number: z.string('form.problem.needed').max(60),
  /** For one campaign; without it nobody calls the number for any. */
  campaign: z.int('form.problem.choose').min(1, 'form.problem.choose').optional(),
  note: z.string().max(NOTE_MAX).default(''),
});
const removalSchema = z.object({
  reason: z.string('form.problem.needed').min(1, 'form.problem.needed').max(200),
});

/** Other systems say whom nobody calls, ask, and take numbers off with a reason. It holds from the next dial on. */
export const doNotCallApi = (service: DoNotCallService, country: string): readonly ApiRoute[] => [
  {
    method: 'post',
    path: '/do-not-call',
    handler: async ({ actor, body }) => {
      const parsed = parseFields(additionSchema, body);
      if (!parsed.ok) throw new AppError('invalid-fields', 'do not call', parsed.problems);
      const { number, campaign, note } = parsed.values;
      if (campaign !== undefined && !(await service.campaigns()).some(({ id }) => id === campaign))
        throw new AppError('invalid-fields', 'no such campaign', [
          { field: 'campaign', message: 'form.problem.choose' },
        ]);
      const isNew = await service.add(actor, {
        number,
        campaignId: campaign ?? 0,
        note,
        source: 'api',
      });
      return {
        status: isNew ? 201 : 200,
        body: { number: telephoneNumber(number, country), isNew },
      };
    },
  },
  {
    method: 'get',
    path: '/do-not-call/:number',
    handler: async ({ actor, param }) => {
      const number = telephoneNumber(param('number'), country);
      if (number === undefined) throw new AppError('not-found', 'no number');
      const { rows } = await service.list(actor, {
        ...{ prefixes: [number], campaignId: undefined, source: undefined },
        ...{ offset: 0, limit: MOST_ENTRIES },
      });
      const entries = rows.filter((row) => row.number === number).map(answerOf);
      return { status: 200, body: { number, isListed: entries.length > 0, entries } };
    },
  },
  {
    method: 'delete',
    path: '/do-not-call/:id',
    handler: async ({ actor, body, param }) => {
      const id = param('id');
      if (!/^[1-9]\d{0,9}$/.test(id)) throw new AppError('not-found', 'no such entry');
      const parsed = parseFields(removalSchema, body);
      if (!parsed.ok) throw new AppError('invalid-fields', 'reason', parsed.problems);
      await service.remove(actor, Number(id), parsed.values.reason);
      return { status: 200, body: { id: Number(id), isListed: false } };
    },
  },
];

const answerOf = ({ id, campaignId, source, note, at }: DoNotCallEntry) => ({
  id,
  campaign: campaignId === 0 ? null : campaignId,
  ...{ source, note, at: at.toISOString() },
});
