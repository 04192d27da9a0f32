import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import type { CampaignId } from '../../kernel/ids.js';
import { RowService, type Usage } from '../configuration/index.js';
import { ruleSetsOf } from './campaign-rules.js';
import { describeCampaign } from './campaign-description.js';
import type { CampaignRows } from './campaign-rows.js';
import type { CampaignSteering } from './campaign-steering.js';
import type { CampaignDraft, CampaignSort, StoredCampaign } from './campaign.js';

const PERMISSION = 'campaigns.edit';
/** From so many people on, who starts a campaign types its name. */
export const TYPED_NAME_FROM = 1_000;

/** What people can do to a campaign as a whole. */
export const CAMPAIGN_ACTIONS = ['start', 'pause', 'stop'] as const;
export type CampaignAction = (typeof CAMPAIGN_ACTIONS)[number];

/** From which states an action leads where. */
export const TRANSITIONS = {
  start: { from: ['draft', 'paused', 'stopped', 'done'], to: 'running' },
  pause: { from: ['running'], to: 'paused' },
  stop: { from: ['running', 'paused'], to: 'stopped' },
} as const;

export interface CampaignServiceParts {
  readonly rows: CampaignRows;
  readonly steering: CampaignSteering;
  readonly announcer: Announcer;
  readonly clock: Clock;
}

/** Campaigns as people see and steer them. */
export class CampaignService extends RowService<
  CampaignId,
  CampaignDraft,
  StoredCampaign,
  CampaignSort
> {
  constructor(private readonly parts: CampaignServiceParts) {
    super(parts.rows, parts.announcer, {
      permission: PERMISSION,
      objectKind: 'campaign',
      announces: 'campaigns',
      nameOf: (draft) => draft.name,
      describe: async (draft) => describeCampaign(draft, await parts.rows.options()),
    });
  }

  override async create(actor: Actor, draft: CampaignDraft): Promise<CampaignId> {
    const id = await super.create(actor, draft);
    await this.#bringIn(await this.get(actor, id));
    return id;
  }

  override async save(
    actor: Actor,
    id: CampaignId,
    version: number,
    draft: CampaignDraft,
  ): Promise<void> {
    await super.save(actor, id, version, draft);
    await this.#bringIn(await this.get(actor, id));
  }

  /** A campaign that dials cannot be put away: it must be stopped first. */
  override async archive(actor: Actor, id: CampaignId): Promise<readonly Usage[]> {
    if (mustStopFirst(await this.get(actor, id)))
      throw new AppError('conflict', 'stop the campaign before it is archived');
    return super.archive(actor, id);
  }

  /**
   * People of its sources become leads, then it is started. Those who were refused are looked at again: consent may have been
   * given meanwhile. Throws `invalid-fields` for what it lacks; false where somebody else has started it.
   */
  async start(actor: Actor, id: CampaignId): Promise<boolean> {
    const campaign = await this.get(actor, id);
    const problems = startProblems(campaign);
    if (problems.length > 0) throw new AppError('invalid-fields', 'not ready', problems);
    await this.#bringIn(campaign);
    return this.#change(actor, id, 'start', '', this.parts.clock.now());
  }

  pause(actor: Actor, id: CampaignId, reason: string): Promise<boolean> {
    return this.#change(actor, id, 'pause', reason);
  }

  stop(actor: Actor, id: CampaignId, reason: string): Promise<boolean> {
    return this.#change(actor, id, 'stop', reason);
  }

  /**
   * Who was refused or is held back by a rule is looked at again with the next dials: consent has come, a number was taken off the
   * do-not-call list. Gives how many people that are.
   */
  async lookAgain(actor: Actor, id: CampaignId): Promise<number> {
    const campaign = await this.get(actor, id);
    return this.parts.steering.lookAgain(actor, campaign, this.parts.clock.now());
  }

  /** A file with people's numbers leaves a line in the audit log. */
  noteExport(actor: Actor, campaign: StoredCampaign): Promise<void> {
    requirePermission(actor, PERMISSION);
    return this.parts.steering.noteExport(actor, campaign);
  }

  async #change(
    actor: Actor,
    id: CampaignId,
    action: CampaignAction,
    reason: string,
    reopenAt?: number,
  ): Promise<boolean> {
    requirePermission(actor, PERMISSION);
    const change = { ...TRANSITIONS[action], reason };
    const isChanged = await this.parts.steering.change(actor, id, change, reopenAt);
    if (isChanged) await this.announce();
    return isChanged;
  }

  #bringIn({ id, settings: { ownersOnly } }: StoredCampaign): Promise<void> {
    return this.parts.steering.bringIn({ id, ownersOnly }, this.parts.clock.now());
  }
}

/** It dials, or would go on with one press: it is not put away. */
export const mustStopFirst = ({ state }: Pick<StoredCampaign, 'state'>): boolean =>
  state === 'running' || state === 'paused';

/** What a campaign lacks before it may dial. */
export function startProblems(campaign: CampaignDraft): readonly FieldProblem[] {
  const { mode, sources, settings } = campaign;
  const found: FieldProblem[] = [];
  if (sources.length === 0 && mode !== 'appointment')
    found.push({ field: 'sources', message: 'campaigns.problem.no-sources' });
  const mayAbandon = mode === 'predictive' || mode === 'progressive';
  const asksMessage = ruleSetsOf(settings).some(({ messageWhenAbandoned }) => messageWhenAbandoned);
  if (mayAbandon && asksMessage && settings.abandonedPrompt === undefined)
    found.push({ field: 'abandonedPrompt', message: 'campaigns.problem.abandoned-prompt' });
  return found;
}
