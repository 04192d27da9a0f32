import type { Redis } from 'ioredis';
import { argonHasher } from '../../adapters/crypto/password.js';
import type { Database } from '../../adapters/mysql/database.js';
import { RedisSessionStore } from '../../adapters/redis/session-store.js';
import { RedisSignInThrottle } from '../../adapters/redis/sign-in-throttle.js';
import type { Clock } from '../../kernel/clock.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUserStore } from './knex-user-store.js';
import type { SessionStore } from './session-store.js';
import { SignInService } from './sign-in-service.js';
import { usersPages } from './users-pages.js';
import { UsersService } from './users-service.js';

export { KnexUserStore } from './knex-user-store.js';
export { SignInService, asActor } from './sign-in-service.js';
export type { Session, SessionStore } from './session-store.js';
export type { User } from './user.js';
export { UsersService } from './users-service.js';
export { mePages, ownPath } from './me-pages.js';

/** Users with what the web app needs to know who is asking. */
export interface UsersFeature extends FeatureModule {
  readonly service: UsersService;
  readonly signIn: SignInService;
  readonly sessions: SessionStore;
}

/** Wires users on MariaDB, their sessions and sign-in tries on Redis. */
export function makeUsersFeature(database: Database, redis: Redis, clock: Clock): UsersFeature {
  const store = new KnexUserStore(database, knexAuditLog);
  const sessions = new RedisSessionStore(redis);
  const service = new UsersService(store, sessions, argonHasher);
  const signIn = new SignInService({
    store,
    sessions,
    throttle: new RedisSignInThrottle(redis, clock),
    hasher: argonHasher,
    audit: knexAuditLog(database),
  });
  return {
    name: 'users',
    service,
    signIn,
    sessions,
    pages: usersPages(service),
    menu: [
      {
        group: 'people',
        label: 'users.title',
        icon: 'user-shield',
        href: '/setup/users',
        access: 'users.edit',
        order: 20,
      },
    ],
  };
}
