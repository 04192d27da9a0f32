import {
  forwardCircle,
  type CallHandling,
  type FollowMeEntry,
  type ForwardReason,
} from '../../engines/reach/reach.js';
import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { Directory, DirectorySnapshot, ExtensionConfig } from '../../telephony/directory.js';
import { isInside, readForwardTarget } from '../../telephony/forward-target.js';
import type { LiveView } from '../../telephony/live.js';
import { ownExtension } from './own-extension.js';
import type { CallHandlingStore } from './call-handling-store.js';
import {
  entryField,
  FORWARD_FIELDS,
  type HandlingForm,
  type StoredHandling,
} from './call-handling.js';

export interface CallHandlingParts {
  readonly store: CallHandlingStore;
  readonly announcer: Announcer;
  readonly directory: Pick<Directory, 'current'>;
  readonly live: Pick<LiveView, 'current'>;
  readonly country: string;
}

/** What becomes of calls to extensions. Administrators set it for every extension, others for the phone they sit at. */
export class CallHandlingService {
  constructor(private readonly parts: CallHandlingParts) {}

  /** The phone at which the user works now, else the user's own; undefined for users who have none. */
  ownExtension(actor: Actor): ExtensionConfig | undefined {
    return ownExtension(actor, this.parts.directory, this.parts.live);
  }

  async read(actor: Actor, id: ExtensionId): Promise<StoredHandling> {
    this.#require(actor, id);
    return this.parts.store.find(id);
  }

  /** Throws `invalid-fields` for numbers that lead nowhere or may not be dialled, and `conflict`. */
  async save(actor: Actor, id: ExtensionId, version: number, form: HandlingForm): Promise<void> {
    this.#require(actor, id);
    const { forwards, followMe } = this.#numbers(id, form);
    const { doNotDisturb, callWaiting } = form;
    const group = can(actor, 'extensions.edit') ? form.pickupGroup : undefined;
    await this.parts.store.change(actor, id, version, (before) => ({
      doNotDisturb,
      callWaiting,
      pickupGroup: group ?? before.pickupGroup,
      forwards,
      followMe,
    }));
    await this.parts.announcer.configurationChanged('call-handling');
  }

  /** Pickup groups that extensions have, each once. */
  pickupGroups(): readonly string[] {
    const { extensions } = this.parts.directory.current;
    const groups = [...extensions.values()].map(({ handling }) => handling.pickupGroup);
    return [...new Set(groups)].filter((group) => group !== '').sort();
  }

  /** Numbers through which all calls to this extension would go round; [] where they do not. */
  circle(id: ExtensionId): readonly string[] {
    const { extensions, extensionsByNumber } = this.parts.directory.current;
    const number = extensions.get(id)?.number;
    if (number === undefined) return [];
    return forwardCircle(
      number,
      (at) => extensionsByNumber.get(at)?.handling.forwards.always ?? '',
    );
  }

  #require(actor: Actor, id: ExtensionId): void {
    if (can(actor, 'extensions.edit')) return;
    requirePermission(actor, 'workspace.use');
    if (this.ownExtension(actor)?.id !== id)
      throw new AppError('not-allowed', 'extensions.edit is needed for the phone of somebody else');
  }

  #numbers(id: ExtensionId, form: HandlingForm): Pick<CallHandling, 'forwards' | 'followMe'> {
    const { directory, country } = this.parts;
    const extension = directory.current.extensions.get(id);
    if (extension === undefined)
      throw new AppError('not-found', `no extension ${String(id)} in use`);
    const problems: FieldProblem[] = [];
    const forwards: Partial<Record<ForwardReason, string>> = {};
    for (const [reason, field] of Object.entries(FORWARD_FIELDS) as [
      ForwardReason,
      (typeof FORWARD_FIELDS)[ForwardReason],
    ][]) {
      const target = readForwardTarget(directory.current, country, extension, form[field]);
      if (target.ok) forwards[reason] = target.number;
      else
        problems.push({
          field,
          message: `extensions.problem.forward-${target.why}`,
          params: { number: form[field] },
        });
    }
    const entries = form.entries.flatMap(({ row, number, ringS, isTogether }): FollowMeEntry[] => {
      const target = readForwardTarget(directory.current, country, extension, number);
      const isPhone = target.ok && isOnePhone(directory.current, target.number);
      if (isPhone) return [{ number: target.number, ringMs: ringS * 1000, isTogether }];
      const why = target.ok ? 'no-phone' : target.why;
      const message = `extensions.problem.forward-${why}`;
      problems.push({ field: entryField(row, 'number'), message, params: { number } });
      return [];
    });
    if (problems.length > 0)
      throw new AppError('invalid-fields', 'calls cannot be sent to a number', problems);
    return {
      forwards: forwards as CallHandling['forwards'],
      followMe: { isOn: form.followMeOn, confirms: form.followMeConfirms, entries },
    };
  }
}

/** Rooms, groups and numbers of our own lead to somebody, but are no phone that could ring. */
const isOnePhone = (directory: DirectorySnapshot, number: string): boolean =>
  directory.extensionsByNumber.has(number) ||
  !(isInside(directory, number) || directory.didsByNumber.has(number));
