import { z } from 'zod';
import {
  OVERFLOW_CASES,
  overflowTargets,
  type OverflowTargets,
} from '../../engines/acd/overflow.js';
import { problem } from '../../kernel/fields.js';
import type { ConferenceId, ExtensionId, FlowId, QueueId, RingGroupId } from '../../kernel/ids.js';
import type { Target } from '../../telephony/directory.js';

/** What a target can name, as one option of a list in a form. */
export interface TargetOption {
  /** The form's value: `queue:3`, `extension-voicemail:7`, `hangup`. */
  readonly value: string;
  readonly name: string;
}

/** Everything that a number or an overflow can lead to, by kind. Archived rows, and flows that were never published, are not offered. */
export interface TargetOptions {
  readonly flows: readonly TargetOption[];
  readonly queues: readonly TargetOption[];
  readonly extensions: readonly TargetOption[];
  readonly ringGroups: readonly TargetOption[];
  readonly conferences: readonly TargetOption[];
  readonly extensionVoicemails: readonly TargetOption[];
  readonly queueVoicemails: readonly TargetOption[];
  /** Numbers of other telephone systems; of large ranges the first ones. */
  readonly pbxNumbers: readonly TargetOption[];
}

/** Reads and checks targets. */
export interface TargetStore {
  options(): Promise<TargetOptions>;
  /** The name of what each target leads to, archived or not; `''` for `hangup` and for what does not exist. */
  names(targets: readonly Target[]): Promise<readonly string[]>;
}

const TEXT =
  /^(flow|queue|extension|ring-group|conference|extension-voicemail|queue-voicemail|pbx):([1-9]\d{0,9})$/;

/** A target as forms and audit lines write it. */
export function targetText(target: Target): string {
  switch (target.kind) {
    case 'flow':
    case 'queue':
    case 'extension':
    case 'ring-group':
    case 'conference':
      return `${target.kind}:${String(target.id)}`;
    case 'voicemail':
      return target.extensionId === undefined
        ? `queue-voicemail:${String(target.queueId ?? 0)}`
        : `extension-voicemail:${String(target.extensionId)}`;
    case 'pbx':
      return `pbx:${target.number}`;
    case 'hangup':
      return 'hangup';
  }
}

/** The target of a form's text; undefined for what is none. */
export function parseTargetText(text: string): Target | undefined {
  if (text === 'hangup') return { kind: 'hangup' };
  const [, kind, digits = ''] = TEXT.exec(text) ?? [];
  const id = Number(digits);
  switch (kind) {
    case 'flow':
      return { kind, id: id as FlowId };
    case 'queue':
      return { kind, id: id as QueueId };
    case 'extension':
      return { kind, id: id as ExtensionId };
    case 'ring-group':
      return { kind, id: id as RingGroupId };
    case 'conference':
      return { kind, id: id as ConferenceId };
    case 'extension-voicemail':
      return { kind: 'voicemail', extensionId: id as ExtensionId };
    case 'queue-voicemail':
      return { kind: 'voicemail', queueId: id as QueueId };
    case 'pbx':
      return { kind, number: digits };
    case undefined:
    default:
      return undefined;
  }
}

/** A form's select of a target; one of the offered kinds must be chosen. That it exists is checked when it is saved. */
export const targetField = () =>
  z.union([z.string(), z.undefined()]).transform((text, context): Target => {
    const target = parseTargetText(text ?? '');
    if (target !== undefined) return target;
    context.addIssue(problem('form.problem.choose'));
    return z.NEVER;
  });

/** As {@link targetField}; nothing chosen is undefined. */
export const optionalTargetField = () =>
  z.union([z.string(), z.undefined()]).transform((text = '', context): Target | undefined => {
    const target = parseTargetText(text);
    if (target === undefined && text !== '') context.addIssue(problem('form.problem.choose'));
    return target;
  });

const id = z.int().positive();
/** A target as tables keep it (JSON). */
export const storedTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('flow'), id }),
  z.object({ kind: z.literal('queue'), id }),
  z.object({ kind: z.literal('extension'), id }),
  z.object({ kind: z.literal('ring-group'), id }),
  z.object({ kind: z.literal('conference'), id }),
  z.object({ kind: z.literal('voicemail'), extensionId: id.optional(), queueId: id.optional() }),
  z.object({ kind: z.literal('pbx'), number: z.string().max(8) }),
  z.object({ kind: z.literal('hangup') }),
]);

/** Reads a column of type JSON, which MariaDB gives as text and MySQL as a value; throws on what is no target. */
export function readTarget(column: unknown): Target {
  const value: unknown = typeof column === 'string' ? JSON.parse(column) : column;
  return storedTargetSchema.parse(value) as Target;
}

/** The columns of a queue that say where callers go who are sent on. */
export interface OverflowColumns {
  readonly overflow: unknown;
  readonly overflow_for: unknown;
}

/** The targets that a queue has of its own for a reason; the column is null where it has none. */
export function readOverflowFor(column: unknown): OverflowTargets<Target> {
  if (column === null || column === undefined) return {};
  const value = (
    typeof column === 'string' ? JSON.parse(column) : column
  ) as OverflowTargets<unknown>;
  return Object.fromEntries(
    OVERFLOW_CASES.flatMap((one) =>
      value[one] === undefined ? [] : [[one, readTarget(value[one])] as const],
    ),
  );
}

/** Every target of a row of `queues`, the general one first. */
export const readOverflows = (row: OverflowColumns): readonly Target[] =>
  overflowTargets({
    overflow: readTarget(row.overflow),
    overflowFor: readOverflowFor(row.overflow_for),
  });

/** A target as an audit line names it: kind and name, `queue Repairs`. */
export async function describeTarget(targets: TargetStore, target: Target): Promise<string> {
  const [name = ''] = await targets.names([target]);
  const kind = targetText(target).split(':')[0] ?? '';
  return `${kind} ${name}`.trim();
}
