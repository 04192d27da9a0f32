import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isAddressOrNetwork } from './kernel/addresses.js';

const roleSchema = z.enum(['calls', 'dialer', 'web', 'jobs']);
export type Role = z.infer<typeof roleSchema>;

const port = z.coerce.number().int().min(1).max(65535);
const environmentSchema = z.object({
  CB_ROLES: z
    .string()
    .default('calls,dialer,web,jobs')
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(roleSchema).min(1)),
  CB_VAR: z.string().min(1),
  CB_HTTP_HOST: z.string().default('127.0.0.1'),
  CB_HTTP_PORT: port,
  CB_DB_HOST: z.string().default('127.0.0.1'),
  CB_DB_PORT: port,
  CB_DB_NAME: z.string().default('cordboard'),
  CB_DB_USER: z.string().default('cordboard'),
  CB_DB_PASSWORD: z.string(),
  CB_REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  CB_ARI_URL: z.url({ protocol: /^https?$/ }),
  CB_ARI_USER: z.string().default('cordboard'),
  CB_ARI_PASSWORD: z.string().min(1),
  CB_ARI_APP: z.string().default('cordboard'),
  CB_NODE: z.string().default('pbx-1'),
  CB_MEDIA_URL: z.url(),
  CB_PBX_SIP_HOST: z.string().default('127.0.0.1'),
  CB_PBX_SIP_PORT: port,
  CB_SECRET_KEY: z
    .string()
    .refine((text) => Buffer.from(text, 'base64').length === 32, '32 bytes in base64 are needed'),
  /** File of the keys that seal recordings; without it `<CB_VAR>/recording-keys`. */
  CB_RECORDING_KEYS: z.string().min(1).optional(),
  CB_ADMIN_PASSWORD: z.string().optional(),
  /** Addresses and networks that flows may ask though they are not on the public Internet: `10.1.2.0/24,127.0.0.1`. */
  CB_FLOW_ADDRESSES: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,;]+/).filter((part) => part !== ''))
    .refine((parts) => parts.every(isAddressOrNetwork), 'addresses or networks are needed'),
  /** Calls that all campaigns together start in a second at most. */
  CB_CAMPAIGN_CALLS_PER_SECOND: z.coerce.number().min(1).max(200).default(10),
  CB_COUNTRY: z.string().length(2).default('GB'),
  CB_TIMEZONE: z.string().default('Etc/UTC'),
  CB_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Where people reach the pages, if not at `CB_HTTP_HOST` and its port. With https, cookies are marked Secure. */
  CB_PUBLIC_URL: z.url().optional(),
  /** Pages and the files of phones over https, too: a port, and files in PEM with the certificates and their key. */
  CB_HTTPS_PORT: port.optional(),
  CB_TLS_CERT: z.string().min(1).optional(),
  CB_TLS_KEY: z.string().min(1).optional(),
});
const TLS = ['CB_HTTPS_PORT', 'CB_TLS_CERT', 'CB_TLS_KEY'] as const;
const settingsSchema = environmentSchema.superRefine((settings, context) => {
  const missing = TLS.filter((name) => settings[name] === undefined);
  if (missing.length === 0 || missing.length === TLS.length) return;
  for (const name of missing)
    context.addIssue({
      code: 'custom',
      path: [name],
      message: `goes together with ${TLS.join(', ')}`,
    });
});

/** Everything that the surroundings decide. Frozen; made once at boot. */
export interface Config {
  readonly roles: ReadonlySet<Role>;
  readonly varDir: string;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl?: string;
    /** The same over https: paths of PEM files. */
    readonly tls?: { readonly port: number; readonly cert: string; readonly key: string };
  };
  readonly database: {
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly user: string;
    readonly password: string;
  };
  readonly redisUrl: string;
  readonly ari: {
    readonly url: string;
    readonly user: string;
    readonly password: string;
    readonly app: string;
    readonly node: string;
  };
  readonly mediaUrl: string;
  readonly sip: { readonly host: string; readonly port: number };
  readonly secretKey: Buffer;
  /** Path of the file of the keys that seal recordings. */
  readonly recordingKeys: string;
  readonly adminPassword: string | undefined;
  /** Addresses and networks that flows may ask although they are not on the public Internet. */
  readonly flowAddresses: readonly string[];
  /** Calls that all campaigns together start in a second at most. */
  readonly campaignCallsPerSecond: number;
  /** ISO 3166 country whose numbering plan national numbers follow. */
  readonly country: string;
  /** IANA zone of the site. */
  readonly timezone: string;
  readonly logLevel: string;
}

function tlsOf(e: z.output<typeof environmentSchema>): Pick<Config['http'], 'tls'> {
  const { CB_HTTPS_PORT: tlsPort, CB_TLS_CERT: cert, CB_TLS_KEY: key } = e;
  return tlsPort === undefined || cert === undefined || key === undefined
    ? {}
    : { tls: { port: tlsPort, cert, key } };
}

/** KEY=value lines; `#` starts a comment; values may be in single or double quotes. */
export function parseEnvironmentFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line);
    if (match?.[1] !== undefined)
      values[match[1]] = (match[2] ?? '').replace(/^(['"])(.*)\1$/, '$2');
  }
  return values;
}

/**
 * Reads the file named by `CB_ENV_FILE` (default `<CB_VAR or var>/cordboard.env`), then the environment over it.
 * Throws an Error that names each wrong variable.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const file = environment['CB_ENV_FILE'] ?? `${environment['CB_VAR'] ?? 'var'}/cordboard.env`;
  let fromFile: Record<string, string> = {};
  try {
    fromFile = parseEnvironmentFile(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const parsed = settingsSchema.safeParse({ ...fromFile, ...environment });
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`Configuration (${file} and environment) is wrong:\n${lines.join('\n')}`);
  }
  const e = parsed.data;
  return Object.freeze({
    roles: new Set(e.CB_ROLES),
    varDir: e.CB_VAR,
    http: {
      host: e.CB_HTTP_HOST,
      port: e.CB_HTTP_PORT,
      ...(e.CB_PUBLIC_URL === undefined ? {} : { publicUrl: e.CB_PUBLIC_URL }),
      ...tlsOf(e),
    },
    database: {
      host: e.CB_DB_HOST,
      port: e.CB_DB_PORT,
      name: e.CB_DB_NAME,
      user: e.CB_DB_USER,
      password: e.CB_DB_PASSWORD,
    },
    redisUrl: e.CB_REDIS_URL,
    ari: {
      url: e.CB_ARI_URL,
      user: e.CB_ARI_USER,
      password: e.CB_ARI_PASSWORD,
      app: e.CB_ARI_APP,
      node: e.CB_NODE,
    },
    mediaUrl: e.CB_MEDIA_URL,
    sip: { host: e.CB_PBX_SIP_HOST, port: e.CB_PBX_SIP_PORT },
    secretKey: Buffer.from(e.CB_SECRET_KEY, 'base64'),
    recordingKeys: e.CB_RECORDING_KEYS ?? `${e.CB_VAR}/recording-keys`,
    adminPassword: e.CB_ADMIN_PASSWORD,
    flowAddresses: e.CB_FLOW_ADDRESSES,
    campaignCallsPerSecond: e.CB_CAMPAIGN_CALLS_PER_SECOND,
    country: e.CB_COUNTRY,
    timezone: e.CB_TIMEZONE,
    logLevel: e.CB_LOG_LEVEL,
  });
}
