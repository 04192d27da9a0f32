import { z } from 'zod';
import { instantOfIso } from '../../engines/routing/wall-clock.js';
import { AppError } from '../../kernel/errors.js';
import { parseFields, problem } from '../../kernel/fields.js';
import type { AgentId, CampaignId, FollowUpId, QueueId } from '../../kernel/ids.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import type { ApiRoute } from '../../web/kit/index.js';
import type { FollowUpService } from './follow-up-service.js';
import { FOLLOW_UP_KINDS, NOTE_MAX, type FollowUpLine } from './follow-up.js';

const id = z.int('form.problem.choose').min(1, 'form.problem.choose');

/** Whom it is for: by the company's own key, or by a number that one contact alone has. */
const bookingSchema = z
  .object({
    externalKey: z.string().min(1).max(80).optional(),
    number: z.string().max(40).optional(),
    kind: z.enum(FOLLOW_UP_KINDS, 'form.problem.choose'),
    /** With its zone: `2026-11-30T10:00:00+01:00`. */
    dueAt: z.string('form.problem.needed'),
    campaign: id.optional(),
    agent: id.optional(),
    queue: id.optional(),
    note: z.string().max(NOTE_MAX).default(''),
    /** Also at a time at which the person may not be called. */
    anyway: z.boolean().default(false),
  })
  .superRefine((body, context) => {
    if (body.externalKey === undefined && body.number === undefined)
      context.addIssue({ ...problem('follow-ups.api.whom'), path: ['number'] });
    if (instantOfIso(body.dueAt) === undefined)
      context.addIssue({ ...problem('follow-ups.api.due'), path: ['dueAt'] });
  });

/** Booking by other systems, and asking what became of it. */
export const followUpApi = (service: FollowUpService, country: string): readonly ApiRoute[] => [
  {
    method: 'post',
    path: '/follow-ups',
    handler: async ({ actor, body }) => {
      const parsed = parseFields(bookingSchema, body);
      if (!parsed.ok) throw new AppError('invalid-fields', 'booking', parsed.problems);
      const { externalKey, number, dueAt, campaign, agent, queue, ...rest } = parsed.values;
      const made = await service.bookAt(actor, {
        ...rest,
        ...(externalKey === undefined ? {} : { externalKey }),
        ...(number === undefined ? {} : { number: normaliseNumber(number, country) }),
        dueAt: instantOfIso(dueAt) ?? 0,
        ...(campaign === undefined ? {} : { campaign: campaign as CampaignId }),
        ...(agent === undefined ? {} : { agent: agent as AgentId }),
        ...(queue === undefined ? {} : { queue: queue as QueueId }),
      });
      return { status: 201, body: answerOf(await service.get(actor, made)) };
    },
  },
  {
    method: 'get',
    path: '/follow-ups/:id',
    handler: async ({ actor, param }) => {
      const text = param('id');
      if (!/^[1-9]\d{0,9}$/.test(text)) throw new AppError('not-found', 'no such follow-up');
      return { status: 200, body: answerOf(await service.get(actor, Number(text) as FollowUpId)) };
    },
  },
];

const answerOf = (line: FollowUpLine) => ({
  ...{ id: line.id, kind: line.kind, state: line.state, contact: line.contactId },
  ...{ number: line.number, dueAt: line.dueAt.toISOString(), note: line.note },
  campaign: line.campaignId ?? null,
  agent: line.agentId ?? null,
  ...{ attempts: line.attempts, lastResult: line.lastResult, outcome: line.outcome },
  closedAt: line.closedAt?.toISOString() ?? null,
});
