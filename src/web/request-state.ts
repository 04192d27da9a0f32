import type { Request } from 'express';
import type { Actor } from '../kernel/actor.js';
import type { Language } from '../kernel/call-event.js';
import type { Session, User } from '../features/users/index.js';

/** A request of somebody who is signed in. */
export interface SignedIn {
  readonly session: Session;
  readonly user: User;
  readonly actor: Actor;
}

/** What the middleware found out about a request. */
export interface RequestState {
  readonly signedIn: SignedIn | undefined;
  readonly language: Language;
  /** What forms of this request send along, masked. */
  readonly csrf: string;
}

const states = new WeakMap<object, RequestState>();

export const setRequestState = (req: object, state: RequestState): void => {
  states.set(req, state);
};

/** Undefined before the session middleware ran, or when it failed. */
export const requestState = (req: Request): RequestState | undefined => states.get(req);
