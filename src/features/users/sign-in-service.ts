import { SYSTEM_ACTOR, type Actor } from '../../kernel/actor.js';
import type { UserId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import type { PasswordHasher } from './password.js';
import type { Session, SessionStore } from './session-store.js';
import type { SignInThrottle } from './sign-in-throttle.js';
import type { User } from './user.js';
import type { UserStore } from './user-store.js';

/** `refused` looks the same for an unknown name and a wrong password. Instants in ms. */
export type SignInResult =
  | { readonly kind: 'signed-in'; readonly session: Session }
  | { readonly kind: 'refused' }
  | { readonly kind: 'locked'; readonly until: number };

export interface SignInParts {
  readonly store: UserStore;
  readonly sessions: SessionStore;
  readonly throttle: SignInThrottle;
  readonly hasher: PasswordHasher;
  readonly audit: AuditLog;
}

/** Signing in and out. */
export class SignInService {
  /** Compared with what unknown users type, so that their refusal takes as long as that of known ones. */
  readonly #decoy: Promise<string>;

  constructor(private readonly parts: SignInParts) {
    this.#decoy = parts.hasher.hash('nobody has this password');
  }

  async signIn(login: string, password: string, address: string): Promise<SignInResult> {
    const { store, throttle, hasher, sessions } = this.parts;
    const name = login.trim().toLowerCase();
    const locked = await throttle.lockedUntil(name, address);
    if (locked !== undefined) return { kind: 'locked', until: locked };
    const found = await store.credentials(name);
    const matches = await hasher.verify(found?.hash ?? (await this.#decoy), password);
    const user = found && matches ? await store.find(found.id) : undefined;
    if (!user) return this.#refuse(name, address);
    await throttle.succeeded(name);
    const session = await sessions.create(user.id);
    await this.#record(asActor(user, address), 'user.sign-in', user);
    return { kind: 'signed-in', session };
  }

  /** The signed-in user of a cookie; undefined where the session or the user is gone. */
  async resume(
    sessionId: string,
  ): Promise<{ readonly session: Session; readonly user: User } | undefined> {
    const session = await this.parts.sessions.find(sessionId);
    if (!session) return undefined;
    const user = await this.parts.store.find(session.userId);
    if (user && !user.archivedAt) return { session, user };
    await this.parts.sessions.end(sessionId);
    return undefined;
  }

  async signOut(actor: Actor, sessionId: string): Promise<void> {
    await this.parts.sessions.end(sessionId);
    if (actor.userId !== undefined)
      await this.#record(actor, 'user.sign-out', { id: actor.userId, name: actor.name });
  }

  async #refuse(login: string, address: string): Promise<SignInResult> {
    const until = await this.parts.throttle.failed(login, address);
    if (until === undefined) return { kind: 'refused' };
    await this.parts.audit.record(
      { ...SYSTEM_ACTOR, address },
      { action: 'user.lock-out', objectKind: 'user', objectId: '', objectName: login },
    );
    return { kind: 'locked', until };
  }

  #record = (
    actor: Actor,
    action: string,
    user: { readonly id: UserId; readonly name: string },
  ): Promise<void> =>
    this.parts.audit.record(actor, {
      action,
      objectKind: 'user',
      objectId: String(user.id),
      objectName: user.name,
    });
}

/** Who a signed-in user is to the services. */
export const asActor = (user: User, address: string): Actor => ({
  userId: user.id,
  name: user.name,
  role: user.role,
  agentId: user.agentId,
  language: user.language,
  address,
});
