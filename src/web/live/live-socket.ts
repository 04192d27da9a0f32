import { SYSTEM_ACTOR, type Actor } from '../../kernel/actor.js';
import type { Language } from '../../kernel/call-event.js';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Logger } from '../../adapters/log/logger.js';
import { asActor, type SessionStore, type SignInService } from '../../features/users/index.js';
import { readCookies, type SiteCookies } from '../cookies.js';
import { isOwnOrigin } from '../csrf.js';
import type { LiveGuests, LiveViewer } from '../kit/live-topics.js';
import type { Messages } from '../kit/translate.js';
import type { Follower, LiveHub } from './live-hub.js';
import { clientMessage } from './messages.js';

export const LIVE_PATH = '/live/socket';
const MAX_MESSAGE_BYTES = 4_096;
/** A browser that has not taken so much is too slow: it is cut off, comes back and gets everything anew. */
const MAX_BACKLOG_BYTES = 1_048_576;
/** Sockets of sessions that ended are closed within this time. */
const SESSION_CHECK_MS = 15_000;
/** Open tabs of one session at most. */
const MAX_SOCKETS_PER_SESSION = 20;
/** Screens that show one link at most. */
const MAX_SOCKETS_PER_LINK = 200;
/** Close code for "sign in again", and for links that do not count any more. */
const CODE_SIGNED_OUT = 4401;

export interface LiveSocketParts {
  readonly hub: LiveHub;
  readonly signIn: SignInService;
  readonly sessions: SessionStore;
  /** Who may follow a topic by a link (`?guest=<token>`). */
  readonly guests?: LiveGuests;
  readonly cookies: SiteCookies;
  readonly messages: Messages;
  readonly zone: string;
  readonly country: string;
  readonly masksNumbers: (actor: Actor) => boolean;
  readonly publicUrl: string | undefined;
  readonly logger: Logger;
  /** How often sessions of open sockets are looked at. */
  readonly sessionCheckMs?: number;
}

/** The live connections of one server. */
export interface LiveSocket {
  /** Cuts all off; browsers come back by themselves. */
  dropConnections(): void;
  close(): void;
}

/** Lets signed-in browsers of this site follow live values at {@link LIVE_PATH}. */
export function attachLiveSocket(server: Server, parts: LiveSocketParts): LiveSocket {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  const bySession = new Map<string, Set<WebSocket>>();
  const onUpgrade = (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node takes its own listener away with the upgrade: whoever hangs up before the answer would end the process.
    socket.on('error', (error) => {
      parts.logger.debug({ err: error }, 'Live connection broken before it was admitted');
      socket.destroy();
    });
    if (addressOf(req)?.pathname !== LIVE_PATH) {
      refuse(socket, '404 Not Found');
      return;
    }
    admit(req, parts).then(
      (admitted) => {
        const open = bySession.get(admitted?.key ?? '')?.size ?? 0;
        const isGuest = guestToken(req) !== undefined;
        const most = isGuest ? MAX_SOCKETS_PER_LINK : MAX_SOCKETS_PER_SESSION;
        if (!admitted && !isGuest) refuse(socket, '403 Forbidden');
        else if (open >= most) refuse(socket, '429 Too Many Requests');
        else
          sockets.handleUpgrade(req, socket, head, (ws) => {
            // Also one that is sent away may send what is no frame.
            ws.on('error', (error) => {
              parts.logger.debug({ err: error }, 'Live connection broken');
            });
            // A screen learns why only from a close code.
            if (!admitted) {
              ws.close(CODE_SIGNED_OUT);
              return;
            }
            register(bySession, admitted.key, ws);
            serve(ws, socket, parts, admitted);
          });
      },
      (error: unknown) => {
        parts.logger.warn({ err: error }, 'Live connection refused: a part is away');
        refuse(socket, '503 Service Unavailable');
      },
    );
  };
  server.on('upgrade', onUpgrade);
  const checks = setInterval(() => {
    void closeEnded(bySession, parts);
  }, parts.sessionCheckMs ?? SESSION_CHECK_MS);
  const dropConnections = (): void => {
    for (const ws of sockets.clients) ws.terminate();
  };
  return {
    dropConnections,
    close: () => {
      clearInterval(checks);
      server.off('upgrade', onUpgrade);
      dropConnections();
      sockets.close();
      parts.hub.close();
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

interface Admitted {
  /** The session, or the link. */
  readonly key: string;
  readonly viewer: LiveViewer;
  readonly onlyTopic?: string;
}

/** Sessions have other ids. */
const GUEST_KEY = 'guest ';

/** What was asked for; undefined where that is no address (`//`, `http://[`): anybody may send anything. */
function addressOf({ url = '/' }: IncomingMessage): URL | undefined {
  const here = 'http://localhost';
  return URL.canParse(url, here) ? new URL(url, here) : undefined;
}

/** The link by which a screen comes; undefined for somebody who is signed in. */
const guestToken = (req: IncomingMessage): string | undefined =>
  addressOf(req)?.searchParams.get('guest') ?? undefined;

/** Undefined for requests from other sites and without a session. */
async function admit(req: IncomingMessage, parts: LiveSocketParts): Promise<Admitted | undefined> {
  if (req.headers.origin === undefined || !isOwnOrigin(req, parts.publicUrl)) return undefined;
  const token = guestToken(req);
  if (token !== undefined) return admitGuest(req, token, parts);
  const sessionId = readCookies(req)[parts.cookies.sessionName];
  const found = sessionId === undefined ? undefined : await parts.signIn.resume(sessionId);
  if (!found || found.user.mustChangePassword) return undefined;
  const { language } = found.user;
  const actor = asActor(found.user, req.socket.remoteAddress ?? '');
  return { key: found.session.id, viewer: viewerOf(actor, language, parts) };
}

/** Sees what nobody is asked for: a person without any permission, in the language of the link. */
async function admitGuest(
  req: IncomingMessage,
  token: string,
  parts: LiveSocketParts,
): Promise<Admitted | undefined> {
  const guest = await parts.guests?.admit(token);
  if (guest === undefined) return undefined;
  const actor: Actor = {
    ...{ ...SYSTEM_ACTOR, name: '', role: 'agent' },
    address: req.socket.remoteAddress ?? '',
  };
  return {
    key: GUEST_KEY + token,
    viewer: viewerOf(actor, guest.language, parts),
    onlyTopic: guest.topic,
  };
}

const viewerOf = (actor: Actor, language: Language, parts: LiveSocketParts): LiveViewer => ({
  language,
  zone: parts.zone,
  country: parts.country,
  actor,
  // It may be switched while somebody looks.
  get masksNumbers() {
    return parts.masksNumbers(actor);
  },
  t: (key, params) => parts.messages.translate(language, key, params),
});

function register(bySession: Map<string, Set<WebSocket>>, id: string, ws: WebSocket): void {
  const open = bySession.get(id) ?? new Set();
  bySession.set(id, open.add(ws));
  ws.on('close', () => {
    open.delete(ws);
    if (open.size === 0) bySession.delete(id);
  });
}

function serve(
  ws: WebSocket,
  socket: Duplex,
  parts: LiveSocketParts,
  { viewer, onlyTopic }: Pick<Admitted, 'viewer' | 'onlyTopic'>,
): void {
  const follower: Follower = {
    viewer,
    ...(onlyTopic === undefined ? {} : { onlyTopic }),
    // Frames are made once for all; they may go out beside those of `ws`, which writes each of its own in one go.
    send: (frame) => {
      if (ws.bufferedAmount > MAX_BACKLOG_BYTES) ws.terminate();
      else if (ws.readyState === ws.OPEN) socket.write(frame);
    },
  };
  ws.on('message', (data) => {
    take(parts.hub, follower, data, ws);
  });
  ws.on('close', () => {
    parts.hub.leave(follower);
  });
  parts.hub.join(follower);
}

function take(hub: LiveHub, follower: Follower, data: RawData, ws: WebSocket): void {
  const parsed = clientMessage.safeParse(parseJson(data));
  if (!parsed.success) ws.close(1008);
  else if (parsed.data.type === 'follow') hub.follow(follower, parsed.data.topics);
  else hub.again(follower, parsed.data.topic);
}

/** Undefined for what is no JSON text. */
function parseJson(data: RawData): unknown {
  try {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function closeEnded(
  bySession: ReadonlyMap<string, ReadonlySet<WebSocket>>,
  parts: LiveSocketParts,
): Promise<void> {
  for (const [id, open] of [...bySession]) {
    try {
      const isOpen = id.startsWith(GUEST_KEY)
        ? (await parts.guests?.admit(id.slice(GUEST_KEY.length))) !== undefined
        : await parts.sessions.isOpen(id);
      if (isOpen) continue;
    } catch (error) {
      parts.logger.debug({ err: error }, 'Sessions cannot be checked now');
      return;
    }
    for (const ws of open) ws.close(CODE_SIGNED_OUT);
  }
}
