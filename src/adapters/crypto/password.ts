import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '../../features/users/password.js';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane; about 20 ms on an office server. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Passwords as argon2id hashes in PHC text form. */
export const argonHasher: PasswordHasher = {
  hash: (password) => hash(password, OPTIONS),
  verify: (passwordHash, password) => verify(passwordHash, password),
};
