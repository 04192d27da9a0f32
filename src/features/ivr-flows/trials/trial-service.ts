import { flowDefinitionSchema } from '../../../engines/ivr/flow.js';
import type { FlowProblem } from '../../../engines/ivr/problems.js';
import { isPublishable } from '../../../engines/ivr/validation.js';
import { requirePermission, type Actor } from '../../../kernel/actor.js';
import { AppError } from '../../../kernel/errors.js';
import type { FlowId, FlowTrialId } from '../../../kernel/ids.js';
import type { FlowTrial, FlowTrials } from '../../../telephony/flow-trials.js';
import type { Desk, DeskRefusal } from '../../../telephony/live.js';
import type { AuditLog } from '../../audit/audit.js';
import type { PhoneReports } from '../../prompts/index.js';
import { about } from '../flow-audit.js';
import type { FlowService } from '../flow-service.js';
import type { KnexFlowTrials } from './knex-flow-trials.js';
import type { TrialValues } from './trial-form.js';

/** A test call rings, or why not. */
export type TrialResult =
  | { readonly kind: 'ringing'; readonly id: FlowTrialId }
  /** The draft has errors: these, with the warnings. */
  | { readonly kind: 'draft-has-errors'; readonly problems: readonly FlowProblem[] }
  | { readonly kind: 'refused'; readonly code: DeskRefusal; readonly detail: string };

export interface TrialServiceParts {
  readonly store: KnexFlowTrials;
  readonly flows: FlowService;
  readonly phones: PhoneReports;
  readonly desk: Desk;
  readonly note: FlowTrials['note'];
  readonly audit: AuditLog;
}

/** Test calls: a phone rings, and whoever answers hears the draft as it was when the call was asked for. */
export class TrialService {
  constructor(private readonly parts: TrialServiceParts) {}

  /** The phones that may ring, and which of them is the actor's own. */
  async phones(actor: Actor) {
    requirePermission(actor, 'flows.edit');
    const { phones } = this.parts;
    const [all, own] = await Promise.all([phones.phones(), phones.ownPhone(actor.userId)]);
    return { all, own };
  }

  /** A trial of a flow that is not a day old; throws `not-found`. */
  async get(actor: Actor, flow: FlowId, id: FlowTrialId): Promise<FlowTrial> {
    requirePermission(actor, 'flows.edit');
    const trial = await this.parts.store.find(id);
    if (trial?.flow !== flow)
      throw new AppError('not-found', `flow ${String(flow)} has no test call ${String(id)}`);
    return trial;
  }

  /** Rings the phone. `callerName` is what other phones show of the call. Throws `invalid-fields`. */
  async start(
    actor: Actor,
    id: FlowId,
    values: TrialValues,
    callerName: string,
  ): Promise<TrialResult> {
    const { store, flows, desk, note, audit } = this.parts;
    const { flow, definition, problems, choices } = await flows.open(actor, id);
    if (flow.archivedAt !== undefined) throw new AppError('not-found', 'an archived flow');
    if (!isPublishable(problems)) return { kind: 'draft-has-errors', problems };
    const { phone, to, ...pretended } = values;
    const { all } = await this.phones(actor);
    const unknown = [
      ...(all.some(({ number }) => number === phone) ? [] : ['callPhone']),
      ...(to === '' || choices.dids.some(({ name }) => name === to) ? [] : ['callTo']),
    ];
    if (unknown.length > 0)
      throw new AppError(
        'invalid-fields',
        'a test call names what is not there',
        unknown.map((field) => ({ field, message: 'form.problem.choose' })),
      );
    const trial = await store.insert({
      ...{ flow: id, to, ...pretended, extension: phone, fromName: callerName },
      ...{ definition: flowDefinitionSchema.parse(definition), user: actor.userId },
    });
    note(trial, { kind: 'ringing', flow: id });
    const answer = await desk.ask({ kind: 'try-flow', trial, title: flow.name });
    if (!answer.ok) {
      await store.delete(trial);
      return { kind: 'refused', code: answer.code, detail: answer.detail };
    }
    await audit.record(actor, {
      ...about('flow.try', id, flow.name),
      changes: { phone: ['', phone] },
    });
    return { kind: 'ringing', id: trial };
  }
}
