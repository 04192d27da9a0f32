import type { Knex } from 'knex';
import type { FlowDefinition } from '../../../engines/ivr/flow.js';
import type { FlowId, FlowTrialId, UserId } from '../../../kernel/ids.js';
import type { FlowTrial } from '../../../telephony/flow-trials.js';

/** No call lasts longer; then nobody needs the steps any more. */
const KEPT_MS = 24 * 60 * 60_000;

/** A trial before its phone rings: the steps as they are at that moment, and who tries them. */
export interface NewFlowTrial extends Omit<FlowTrial, 'id'> {
  readonly definition: FlowDefinition;
  readonly user: UserId | undefined;
}

/** Trials on MariaDB. */
export class KnexFlowTrials {
  constructor(private readonly db: Knex) {}

  /** Adds one and forgets those of yesterday. */
  async insert(trial: NewFlowTrial): Promise<FlowTrialId> {
    const { db } = this;
    await db('flow_trials')
      .where('created_at', '<', new Date(Date.now() - KEPT_MS))
      .delete();
    const [id] = (await db('flow_trials').insert({
      flow_id: trial.flow,
      user_id: trial.user ?? null,
      definition: JSON.stringify(trial.definition),
      extension: trial.extension,
      to_number: trial.to,
      from_number: trial.from,
      from_name: trial.fromName,
      moment: trial.moment === undefined ? null : new Date(trial.moment),
      hands_over: trial.handsOver,
    })) as [FlowTrialId];
    return id;
  }

  async find(id: FlowTrialId): Promise<FlowTrial | undefined> {
    const row = await this.db('flow_trials').where({ id }).first<Row | undefined>();
    return (
      row && {
        id: row.id,
        flow: row.flow_id,
        extension: row.extension,
        to: row.to_number,
        from: row.from_number,
        fromName: row.from_name,
        handsOver: Boolean(row.hands_over),
        ...(row.moment === null ? {} : { moment: row.moment.getTime() }),
      }
    );
  }

  async delete(id: FlowTrialId): Promise<void> {
    await this.db('flow_trials').where({ id }).delete();
  }
}

interface Row {
  readonly id: FlowTrialId;
  readonly flow_id: FlowId;
  readonly extension: string;
  readonly to_number: string;
  readonly from_number: string;
  readonly from_name: string;
  readonly moment: Date | null;
  readonly hands_over: number;
}
