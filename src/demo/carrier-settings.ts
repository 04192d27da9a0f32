import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseEnvironmentFile } from '../config.js';
import type { CarrierAddress } from './carrier-ari.js';

const settingsSchema = z.object({
  CB_CARRIER_ARI_URL: z.url(),
  CB_CARRIER_ARI_USER: z.string().min(1),
  CB_CARRIER_ARI_PASSWORD: z.string().min(1),
  CB_CARRIER_SIP_HOST: z.string().default('127.0.0.1'),
  CB_CARRIER_SIP_PORT: z.coerce.number().int(),
  // Absent where the carrier was started by an earlier release.
  CB_CARRIER_OTHER_PORT: z.coerce.number().int().default(0),
  CB_CARRIER_TRUNK_USER: z.string().min(1),
  CB_CARRIER_TRUNK_PASSWORD: z.string().min(1),
  CB_CARRIER_PHONE_SECRET: z.string().min(1),
});

/** The carrier Asterisk of this machine. Contains secrets: never print. */
export interface CarrierSettings {
  readonly ari: CarrierAddress;
  readonly sipHost: string;
  readonly sipPort: number;
  /** Where it plays another telephone system. */
  readonly otherPort: number;
  readonly trunkUser: string;
  readonly trunkPassword: string;
  /** The password that its desk phone of this number registers with (scripts/lib/asterisk.sh computes the same). */
  phonePassword(number: string): string;
}

/** Reads `CB_CARRIER_*` as `loadConfig` reads the rest: the instance's file, then the environment over it. */
export function loadCarrierSettings(environment: NodeJS.ProcessEnv = process.env): CarrierSettings {
  const file = environment['CB_ENV_FILE'] ?? `${environment['CB_VAR'] ?? 'var'}/cordboard.env`;
  const e = settingsSchema.parse({
    ...parseEnvironmentFile(readFileSync(file, 'utf8')),
    ...environment,
  });
  return {
    ari: {
      url: e.CB_CARRIER_ARI_URL,
      user: e.CB_CARRIER_ARI_USER,
      password: e.CB_CARRIER_ARI_PASSWORD,
    },
    sipHost: e.CB_CARRIER_SIP_HOST,
    sipPort: e.CB_CARRIER_SIP_PORT,
    otherPort: e.CB_CARRIER_OTHER_PORT,
    trunkUser: e.CB_CARRIER_TRUNK_USER,
    trunkPassword: e.CB_CARRIER_TRUNK_PASSWORD,
    phonePassword: (number) =>
      createHash('sha256')
        .update(`${e.CB_CARRIER_PHONE_SECRET}:${number}`)
        .digest('hex')
        .slice(0, 16),
  };
}
