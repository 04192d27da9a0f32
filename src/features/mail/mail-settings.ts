import { z } from 'zod';
import { choiceField, flagField, integerField, problem, textField } from '../../kernel/fields.js';

/** starttls: plain at first, then safe, else nothing is sent · tls: safe from the beginning · none: never safe. */
export const MAIL_TLS = ['starttls', 'tls', 'none'] as const;
export type MailTls = (typeof MAIL_TLS)[number];

/** The company's mail server. */
export interface MailSettings {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
  readonly tls: MailTls;
  /** The server's certificate must be one that this machine trusts. */
  readonly checksCertificate: boolean;
  /** '' where the server asks for none. */
  readonly user: string;
  readonly passwordSealed: string;
  readonly from: string;
  readonly fromName: string;
}

/** With the number of their save. */
export interface StoredMailSettings extends MailSettings {
  readonly version: number;
}

export const NO_MAIL: StoredMailSettings = {
  version: 1,
  enabled: false,
  host: '',
  port: 587,
  tls: 'starttls',
  checksCertificate: true,
  user: '',
  passwordSealed: '',
  from: '',
  fromName: 'Cordboard',
};

/** Good enough to refuse a slip of the finger; whether it is right, the mail server says. */
export const isMailAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s@,;:<>"()]{1,64}@[^\s@,;:<>"().][^\s@,;:<>"()]*$/.test(text);

/** A name or an address; nothing that would be taken for an address of something else. */
const isHost = (text: string): boolean =>
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text) || /^[0-9a-f:]{2,45}$/i.test(text);

const text = (max: number) => textField({ min: 0, max }).default('');

/** The form; what a server needs is asked for only where mail is switched on. An empty password keeps the stored one. */
export const mailForm = z
  .object({
    enabled: flagField(),
    host: text(253),
    port: integerField(1, 65_535),
    tls: choiceField(MAIL_TLS),
    checksCertificate: flagField(),
    user: text(254),
    password: text(500),
    withoutPassword: flagField(),
    from: text(254),
    fromName: text(80),
  })
  .superRefine((form, context) => {
    const refuse = (field: string, message: string): void => {
      context.addIssue({ ...problem(message), path: [field] });
    };
    if (form.host !== '' && !isHost(form.host)) refuse('host', 'mail.problem.host');
    if (form.from !== '' && !isMailAddress(form.from)) refuse('from', 'mail.problem.from');
    if (/[\r\n"<>]/.test(form.fromName)) refuse('fromName', 'mail.problem.from-name');
    if (!form.enabled) return;
    if (form.host === '') refuse('host', 'form.problem.needed');
    if (form.from === '') refuse('from', 'form.problem.needed');
  });
export type MailForm = z.output<typeof mailForm>;
