import { createTransport } from 'nodemailer';
import type { MailOutcome, MailProblem } from '../../features/mail/mail.js';
import type { MailTransport } from '../../features/mail/mail-store.js';

const CONNECT_MS = 10_000;
/** Between two words of the server: some look a recipient up for long. */
const SILENCE_MS = 30_000;

/** Sends over SMTP, one connection a mail. */
export const smtpTransport: MailTransport = {
  send: async (settings, mail) => {
    const { host, port, tls, checksCertificate, user, password } = settings;
    const transport = createTransport({
      ...{ host, port },
      secure: tls === 'tls',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { rejectUnauthorized: checksCertificate },
      ...(user === '' ? {} : { auth: { user, pass: password } }),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      // Content comes from the queue: no mail may name a file of this machine or an address.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const { response } = await transport.sendMail({
        from: { name: settings.fromName, address: settings.from },
        to: { name: '', address: mail.recipient },
        subject: mail.subject,
        text: mail.text,
        messageId: `<${mail.id}@${settings.from.split('@')[1] ?? 'cordboard'}>`,
        attachments: (mail.attachments ?? []).map(({ name, type, content }) => ({
          filename: name,
          contentType: type,
          content,
        })),
      });
      return { ok: true, answer: oneLine(response) };
    } catch (error) {
      return failureOf(error);
    } finally {
      transport.close();
    }
  },
};

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly message: string;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

function failureOf(thrown: unknown): MailOutcome {
  const error: SmtpError = thrown instanceof Error ? thrown : { message: String(thrown) };
  const problem = problemOf(error);
  // 5yz is the server's last word (RFC 5321 §4.2.1); of a login somebody may mend it.
  const isFinal =
    (error.responseCode ?? 0) >= 500 &&
    (problem === 'recipient' || problem === 'sender' || problem === 'message');
  return { ok: false, problem, isFinal, answer: oneLine(error.response ?? error.message) };
}

function problemOf({ code, command, responseCode = 0, message }: SmtpError): MailProblem {
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'login';
  if (code === 'EDNS' || /ENOTFOUND|EAI_AGAIN|getaddrinfo/.test(message)) return 'host';
  if (code === 'ETLS' || /certificate|self.signed|wrong version number|SSL|TLS/i.test(message))
    return 'tls';
  if (code === 'ETIMEDOUT' || /timeout|timed out/i.test(message)) return 'timeout';
  if (responseCode >= 400 && responseCode < 500) return 'later';
  if (responseCode >= 500) {
    if (command === 'RCPT TO') return 'recipient';
    if (command === 'MAIL FROM') return 'sender';
    if (command === 'DATA' || code === 'EMESSAGE') return 'message';
    return 'other';
  }
  if (code === 'ESOCKET' || code === 'ECONNECTION' || code === 'ECONNREFUSED') return 'connection';
  return 'other';
}
