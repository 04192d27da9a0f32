import { MOST_HOPS } from '../../engines/reach/reach.js';
import { planGroup } from '../../engines/reach/ring-plan.js';
import type { Call } from '../calls/call.js';
import type { RingPhone, Rang } from '../calls/ringing.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';
import type { RingGroupConfig, RingMember } from '../directory.js';
import { ringMany } from './ring-many.js';
import { phoneOf } from './ring-phone.js';
import { ringOutside } from './ring-outside.js';
import { stageOfTarget } from './target.js';

/** Rings desk phones that a flow names, all at once. Nobody: back into the flow. */
export async function ringPhonesStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'ring-phones'>,
): Promise<Stage> {
  const { timeoutMs } = stage;
  const phones = stage.extensions.map((id) => phoneOf(s, call, id, { timeoutMs }));
  const next = await ringMany(s, call, [phones]);
  return next.kind === 'talk' ? next : { kind: 'ivr', ...stage.back, nobodyAnswered: true };
}

/** Rings the members of a group as it says. Nobody: back into the flow that sent the call, else where the group says. */
export async function ringGroupStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'ring-group'>,
): Promise<Stage> {
  const group = s.directory.current.ringGroups.get(stage.group);
  if (group === undefined)
    return {
      kind: 'announce',
      prompt: 'unknown-number',
      then: ended('refused', 'system', 1, 'unknown-ring-group'),
    };
  const { id: groupId, name } = group;
  call.record({ kind: 'ring-group-entered', groupId, name });
  call.other = group.number === '' ? name : group.number;
  call.changed();
  const plan = planGroup(group.strategy, group.members, () => Math.random());
  const phones = plan.map((step) => step.map((member) => ringMember(s, call, group, member)));
  const next = await ringMany(s, call, phones);
  if (next.kind === 'talk') return next;
  if (stage.back !== undefined) return { kind: 'ivr', ...stage.back, nobodyAnswered: true };
  return elsewhere(s, call, group, next.why);
}

function ringMember(
  s: CallServices,
  call: Call,
  { ringMs: timeoutMs, prefix, confirms }: RingGroupConfig,
  member: RingMember,
): RingPhone {
  if (member.kind === 'extension') return phoneOf(s, call, member.id, { timeoutMs, prefix });
  const { number } = member;
  // One that lived on another telephone system has moved here.
  const moved = s.directory.current.extensionsByNumber.get(number);
  if (moved !== undefined) return phoneOf(s, call, moved.id, { timeoutMs, prefix });
  return { ring: (scope) => ringOutside(scope, s, call, { number, timeoutMs, confirms }) };
}

/** A call that has gone elsewhere from this group once already stays: groups may lead to each other. */
function elsewhere(
  s: CallServices,
  call: Call,
  group: RingGroupConfig,
  why: Extract<Rang, { kind: 'nobody' }>['why'],
): Stage {
  const from = group.number === '' ? `“${group.name}”` : group.number;
  const isRound = call.hops.some((hop) => hop.from === from) || call.hops.length >= MOST_HOPS;
  if (group.elsewhere.kind === 'hangup' || isRound)
    return {
      kind: 'announce',
      prompt: 'nobody-answers',
      then:
        why === 'busy' ? ended('busy', 'callee', 17, why) : ended('no-answer', 'callee', 19, why),
    };
  call.hops = [...call.hops, { from, to: group.elsewhere.kind, reason: 'no-answer' }];
  return stageOfTarget(s, group.elsewhere);
}
