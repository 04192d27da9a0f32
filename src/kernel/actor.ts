import type { Language } from './call-event.js';
import { AppError } from './errors.js';
import type { AgentId, UserId } from './ids.js';

/** Bundles of permissions. The menu and every service ask for permissions, never for the role's name. */
export const ROLES = ['administrator', 'supervisor', 'agent'] as const;
export type RoleName = (typeof ROLES)[number];

/** What can be allowed. `read` opens pages, `edit` changes; `own` is limited to the actor's own calls and state. */
export const PERMISSIONS = [
  'live.read',
  'calls.read',
  'calls.read-own',
  'calls.end',
  'calls.monitor',
  'recordings.hear',
  'recordings.hear-own',
  'voicemail.read',
  'workspace.use',
  'agents.force-state',
  'queues.steer',
  'wallboards.edit',
  'alarms.read',
  'alarms.edit',
  'messages.send',
  'skills.edit',
  'callbacks.read',
  'contacts.read',
  'contacts.edit',
  'lists.edit',
  'contact-fields.edit',
  'follow-ups.use',
  'trunks.edit',
  'dids.edit',
  'extensions.edit',
  'queues.edit',
  'agents.edit',
  'flows.edit',
  'prompts.edit',
  'surveys.edit',
  'scripts.edit',
  'calendars.edit',
  'regions.edit',
  'reasons.edit',
  'routing.edit',
  'campaigns.edit',
  'users.edit',
  'numbers.read',
  'audit.read',
  'history.import',
  'mail.edit',
  'api-keys.edit',
  'health.read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLE_PERMISSIONS: Readonly<Record<RoleName, ReadonlySet<Permission>>> = {
  administrator: new Set(PERMISSIONS),
  supervisor: new Set<Permission>([
    'live.read',
    'calls.read',
    'calls.read-own',
    'calls.end',
    'calls.monitor',
    'recordings.hear',
    'recordings.hear-own',
    'voicemail.read',
    'workspace.use',
    'agents.force-state',
    'queues.steer',
    'wallboards.edit',
    'alarms.read',
    'messages.send',
    'campaigns.edit',
    'skills.edit',
    'callbacks.read',
    'contacts.read',
    'contacts.edit',
    'lists.edit',
    'follow-ups.use',
    'numbers.read',
  ]),
  agent: new Set<Permission>([
    'calls.read-own',
    'recordings.hear-own',
    'voicemail.read',
    'workspace.use',
    'callbacks.read',
    'contacts.read',
    'follow-ups.use',
  ]),
};

/** Who does something. `system` actors (set-up, seeds, jobs) have user id undefined and every permission. */
export interface Actor {
  readonly userId: UserId | undefined;
  readonly name: string;
  readonly role: RoleName;
  /** Set where the user works as an agent. */
  readonly agentId: AgentId | undefined;
  readonly language: Language;
  /** Where the request came from; '' for the system. */
  readonly address: string;
}

export const SYSTEM_ACTOR: Actor = {
  userId: undefined,
  name: 'Cordboard',
  role: 'administrator',
  agentId: undefined,
  language: 'en',
  address: '',
};

export const can = (actor: Actor, permission: Permission): boolean =>
  ROLE_PERMISSIONS[actor.role].has(permission);

/** Throws `not-allowed` where the actor lacks the permission. Every use case begins with it. */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (!can(actor, permission)) throw new AppError('not-allowed', `${permission} is needed`);
}
