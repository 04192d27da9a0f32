import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer } from 'node:http';
import { expect } from 'chai';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from '../../../src/web/live/text-frame.js';

describe('a text as a frame', () => {
  it('is read by a client in every length, also between frames of another sender', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    const opened = new Promise<{ ws: WebSocket; socket: Duplex }>((resolve) => {
      server.on('upgrade', (req, socket, head) => {
        sockets.handleUpgrade(req, socket, head, (ws) => {
          resolve({ ws, socket });
        });
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${String(port)}`);
    try {
      const received: string[] = [];
      client.on('message', (data: Buffer) => received.push(data.toString('utf8')));
      const { ws, socket } = await opened;
      const texts = [0, 1, 125, 126, 65_535, 65_536, 200_000].map((length) => 'x'.repeat(length));
      for (const text of [...texts, '坐席 ☎ 12']) {
        socket.write(textFrame(text));
        ws.send('between');
      }
      ws.close();
      await once(client, 'close');
      expect(received).to.deep.equal([...texts, '坐席 ☎ 12'].flatMap((text) => [text, 'between']));
    } finally {
      client.terminate();
      sockets.close();
      server.close();
    }
  });
});
