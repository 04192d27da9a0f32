import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';

/** The cookies of a request. Values that cannot be decoded count as absent. */
export function readCookies(
  req: Pick<IncomingMessage, 'headers'>,
): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = {};
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const [name, ...value] = part.split('=');
    if (name === undefined || value.length === 0) continue;
    const text = value.join('=').trim();
    if (/^[\w.~-]*$/.test(text)) cookies[name.trim()] = text;
  }
  return cookies;
}

/** Cookies of this site: only sent to it, never readable by scripts. */
export class SiteCookies {
  readonly sessionName: string;
  readonly beforeName: string;

  /** `secure` where browsers reach the site over https; the names then bind the cookies to this host. */
  constructor(private readonly secure: boolean) {
    const prefix = secure ? '__Host-' : '';
    this.sessionName = `${prefix}cb_session`;
    this.beforeName = `${prefix}cb_before`;
  }

  set(res: Response, name: string, value: string): void {
    res.cookie(name, value, {
      httpOnly: true,
      sameSite: 'lax',
      secure: this.secure,
      path: '/',
    });
  }

  clear(res: Response, name: string): void {
    res.clearCookie(name, { httpOnly: true, sameSite: 'lax', secure: this.secure, path: '/' });
  }
}
