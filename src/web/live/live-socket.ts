import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Logger } from '../../adapters/log/logger.js';
import { asActor, type SessionStore, type SignInService } from '../../features/users/index.js';
import { readCookies, type SiteCookies } from '../cookies.js';
import { isOwnOrigin } from '../csrf.js';
import type { LiveViewer } from '../kit/live-topics.js';
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
/** Close code for "sign in again". */
const CODE_SIGNED_OUT = 4401;

export interface LiveSocketParts {
  readonly hub: LiveHub;
  readonly signIn: SignInService;
  readonly sessions: SessionStore;
  readonly cookies: SiteCookies;
  readonly messages: Messages;
  readonly zone: string;
  readonly country: string;
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
    if (new URL(req.url ?? '/', 'http://localhost').pathname !== LIVE_PATH) {
      refuse(socket, '404 Not Found');
      return;
    }
    admit(req, parts).then(
      (admitted) => {
        const open = bySession.get(admitted?.sessionId ?? '')?.size ?? 0;
        if (!admitted) refuse(socket, '403 Forbidden');
        else if (open >= MAX_SOCKETS_PER_SESSION) refuse(socket, '429 Too Many Requests');
        else
          sockets.handleUpgrade(req, socket, head, (ws) => {
            register(bySession, admitted.sessionId, ws);
            serve(ws, parts, admitted.viewer);
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
  readonly sessionId: string;
  readonly viewer: LiveViewer;
}

/** Undefined for requests from other sites and without a session. */
async function admit(req: IncomingMessage, parts: LiveSocketParts): Promise<Admitted | undefined> {
  if (req.headers.origin === undefined || !isOwnOrigin(req, parts.publicUrl)) return undefined;
  const sessionId = readCookies(req)[parts.cookies.sessionName];
  const found = sessionId === undefined ? undefined : await parts.signIn.resume(sessionId);
  if (!found || found.user.mustChangePassword) return undefined;
  const { language } = found.user;
  const viewer: LiveViewer = {
    language,
    zone: parts.zone,
    country: parts.country,
    actor: asActor(found.user, req.socket.remoteAddress ?? ''),
    t: (key, params) => parts.messages.translate(language, key, params),
  };
  return { sessionId: found.session.id, viewer };
}

function register(bySession: Map<string, Set<WebSocket>>, id: string, ws: WebSocket): void {
  const open = bySession.get(id) ?? new Set();
  bySession.set(id, open.add(ws));
  ws.on('close', () => {
    open.delete(ws);
    if (open.size === 0) bySession.delete(id);
  });
}

function serve(ws: WebSocket, parts: LiveSocketParts, viewer: LiveViewer): void {
  const follower: Follower = {
    viewer,
    send: (text) => {
      if (ws.bufferedAmount > MAX_BACKLOG_BYTES) ws.terminate();
      else if (ws.readyState === ws.OPEN) ws.send(text);
    },
  };
  ws.on('message', (data) => {
    take(parts.hub, follower, data, ws);
  });
  ws.on('error', (error) => {
    parts.logger.debug({ err: error }, 'Live connection broken');
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
      if (await parts.sessions.isOpen(id)) continue;
    } catch (error) {
      parts.logger.debug({ err: error }, 'Sessions cannot be checked now');
      return;
    }
    for (const ws of open) ws.close(CODE_SIGNED_OUT);
  }
}
