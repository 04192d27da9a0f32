import { createHash, timingSafeEqual } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import type { Redis } from 'ioredis';
import type { FlowEffect } from '../../engines/ivr/effects.js';
import type { Logger } from '../log/logger.js';
import type { PinVerdict } from '../../telephony/self-service.js';

type PinCheck = Extract<FlowEffect, { readonly kind: 'check-pin' }>;

const keyOf = (subject: string): string =>
  `cb:pin:${createHash('sha256').update(subject).digest('base64url').slice(0, 32)}`;

/**
 * Checks PINs, and counts wrong ones by their subject over all calls and processes. Each try is counted before it is
 * compared, so that many calls at once have no more tries than one. While the count cannot be kept, every subject is locked.
 */
export class RedisPinGuard {
  constructor(
    private readonly redis: Redis,
    private readonly log: Logger,
  ) {}

  async check(pin: PinCheck): Promise<PinVerdict> {
    try {
      const key = keyOf(pin.subject);
      const { lockAfter, lockMs } = pin;
      const tries = Number(await this.redis.eval(COUNT, 1, key, lockAfter, lockMs));
      if (tries > lockAfter) return { kind: 'pin-locked' };
      if (!(await isRight(pin))) return { kind: 'pin-wrong', left: lockAfter - tries };
      if (pin.forgives === 'this-one') await this.redis.decr(key);
      else await this.redis.del(key);
      return { kind: 'pin-ok' };
    } catch (error) {
      this.log.warn({ err: error }, 'a PIN cannot be checked');
      return { kind: 'pin-locked' };
    }
  }
}

/** The number of this try. One of a locked subject is not counted, so that trying on does not lock it for longer. */
const COUNT = `
local tries = tonumber(redis.call('get', KEYS[1]) or '0')
if tries >= tonumber(ARGV[1]) then return tries + 1 end
tries = redis.call('incr', KEYS[1])
redis.call('pexpire', KEYS[1], ARGV[2])
return tries
`;

async function isRight({ entered, expected }: PinCheck): Promise<boolean> {
  if (expected === '' || entered === '') return false;
  if (expected.startsWith('$argon2')) return isHashOf(expected, entered);
  const [one, two] = [entered, expected].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && two !== undefined && timingSafeEqual(one, two);
}

/** What is no hash, though it begins like one, fits nothing. */
async function isHashOf(hash: string, entered: string): Promise<boolean> {
  try {
    return await verify(hash, entered);
  } catch {
    return false;
  }
}
