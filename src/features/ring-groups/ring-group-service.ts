import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { RingGroupId } from '../../kernel/ids.js';
import { classifyNumber, normaliseNumber } from '../../kernel/numbers.js';
import type { RingMember } from '../../telephony/directory.js';
import { isInRanges, type NumberRange } from '../../telephony/other-pbx.js';
import { describeTarget, RowService, type TargetStore } from '../configuration/index.js';
import type { PhoneOption, RingGroupStore } from './ring-group-store.js';
import type {
  RingGroupDraft,
  RingGroupSort,
  RingGroupValues,
  StoredRingGroup,
} from './ring-group.js';

/** Ring groups. */
export class RingGroupService extends RowService<
  RingGroupId,
  RingGroupDraft,
  StoredRingGroup,
  RingGroupSort
> {
  constructor(
    private readonly groups: RingGroupStore,
    announcer: Announcer,
    targets: TargetStore,
    private readonly country: string,
  ) {
    super(groups, announcer, {
      permission: 'extensions.edit',
      objectKind: 'ring-group',
      announces: 'ring-groups',
      nameOf: (draft) => draft.name,
      describe: async (draft) => {
        const phones = await groups.phones();
        const { name, number, strategy, ringS, prefix, confirms } = draft;
        return {
          ...{ name, number, strategy, ringS, prefix, confirms },
          members: draft.members.map((member) => memberNumber(member, phones)).join(', '),
          elsewhere: await describeTarget(targets, draft.elsewhere),
        };
      },
    });
  }

  async createGroup(actor: Actor, values: RingGroupValues): Promise<RingGroupId> {
    requirePermission(actor, 'extensions.edit');
    return this.create(actor, await this.#draft(values));
  }

  async saveGroup(
    actor: Actor,
    id: RingGroupId,
    version: number,
    values: RingGroupValues,
  ): Promise<void> {
    requirePermission(actor, 'extensions.edit');
    const { elsewhere } = values;
    if (elsewhere.kind === 'ring-group' && elsewhere.id === id)
      throw refuse('elsewhere', 'ring-groups.problem.itself');
    await this.save(actor, id, version, await this.#draft(values));
  }

  /** Who is meant by what was typed. Throws `invalid-fields` for what leads nowhere, and what is there twice. */
  async #draft({ members: typed, ...values }: RingGroupValues): Promise<RingGroupDraft> {
    const phones = await this.groups.phones();
    const elsewhere = await this.groups.otherNumbers();
    const members = typed.map((text) => this.#member(text, phones, elsewhere));
    const numbers = members.map((member) => memberNumber(member, phones));
    const twice = numbers.find((number, at) => numbers.indexOf(number) !== at);
    if (twice !== undefined)
      throw refuse('members', 'ring-groups.problem.twice', { number: twice });
    return { ...values, members };
  }

  #member(
    text: string,
    phones: readonly PhoneOption[],
    elsewhere: readonly NumberRange[],
  ): RingMember {
    const digits = text.normalize('NFKC').replace(/[\s().-]/g, '');
    const phone = phones.find((one) => one.number === digits);
    if (phone !== undefined) return { kind: 'extension', id: phone.id };
    if (isInRanges(elsewhere, digits)) return { kind: 'outside', number: digits };
    const number = normaliseNumber(digits, this.country);
    const kind = classifyNumber(number, this.country);
    if (kind === 'emergency')
      throw refuse('members', 'ring-groups.problem.emergency', { number: text });
    if (kind === 'invalid' || kind === 'internal' || !/^\+?\d{2,20}$/.test(digits))
      throw refuse('members', 'ring-groups.problem.unknown', { number: text });
    return { kind: 'outside', number };
  }
}

/** The number under which a member is known; '' for an extension that is gone. */
export const memberNumber = (member: RingMember, phones: readonly PhoneOption[]): string =>
  member.kind === 'outside'
    ? member.number
    : (phones.find((phone) => phone.id === member.id)?.number ?? '');

const refuse = (
  field: string,
  message: string,
  params: Readonly<Record<string, string>> = {},
): AppError => new AppError('invalid-fields', message, [{ field, message, params }]);
