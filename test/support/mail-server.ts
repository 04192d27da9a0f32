import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it arrived. */
export interface ArrivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came. */
  readonly raw: string;
  readonly isSafe: boolean;
  readonly user: string | undefined;
}

/** How the server refuses a recipient: `550 no such user`. */
const refusal = (text: string): Error =>
  Object.assign(new Error(text.slice(4)), { responseCode: Number(text.slice(0, 3)) });

/** A real SMTP server on a free port of this machine, with a certificate that nobody trusts. It takes what it is told to. */
export class MailServer {
  readonly arrived: ArrivedMail[] = [];
  /** Answers to recipients instead of 250, by address; taken off as they are used where there are several. */
  readonly refuses = new Map<string, string[]>();

  private constructor(
    private readonly server: SMTPServer,
    readonly port: number,
  ) {}

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const holder: { made?: MailServer } = {};
    const server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      logger: false,
      onAuth: ({ username, password }, _session, done) => {
        if (username === 'box' && password === 'right') done(null, { user: username });
        else done(refusal('535 wrong user or password'));
      },
      onRcptTo: ({ address }, _session, done) => {
        const answer = holder.made?.refuses.get(address)?.shift();
        done(answer === undefined ? null : refusal(answer));
      },
      onData: (stream, session, done) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          holder.made?.arrived.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw: Buffer.concat(pieces).toString('utf8'),
            isSafe: session.secure,
            user: typeof session.user === 'string' ? session.user : undefined,
          });
          done(null, 'taken as test');
        });
      },
      ...options,
    });
    server.on('error', () => {
      // A client that broke off: its own side tells what happened.
    });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    const { port } = server.server.address() as AddressInfo;
    return (holder.made = new MailServer(server, port));
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(resolve);
    });
  }
}
