// Real Yjs clients: they check what the load has written, and how long a large document takes.
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { token } from './servers.mjs';

/** Resolves with the document when it is synced; `release` ends the connection. */
export function open(server, name, doc = new Y.Doc()) {
  const { framing, path } = server.kind;
  return new Promise((done, failed) => {
    const patience = setTimeout(() => failed(new Error(`${name} is not synced after 60 s`)), 60_000);
    const synced = (release) => {
      clearTimeout(patience);
      done({ doc, release });
    };
    if (framing === 'plain') {
      const provider = new WebsocketProvider(`ws://127.0.0.1:${server.port}${path}`, name, doc, { WebSocketPolyfill: WebSocket, disableBc: true });
      provider.on('sync', (yes) => yes && synced(() => provider.destroy()));
      return;
    }
    const socket = new HocuspocusProviderWebsocket({ url: `ws://127.0.0.1:${server.port}${path}`, WebSocketPolyfill: WebSocket });
    const provider = new HocuspocusProvider({ websocketProvider: socket, name, document: doc, token });
    const release = () => {
      provider.destroy();
      socket.destroy();
    };
    provider.on('synced', () => synced({ provider, release }.release));
    provider.attach();
  });
}

/** Two clients that load a document anew have the same text of this length. */
export async function check(server, name, length) {
  const pair = [await open(server, name), await open(server, name)];
  const [first, second] = pair.map(({ doc }) => doc.getText('t').toString());
  for (const { release, doc } of pair) {
    release();
    doc.destroy();
  }
  return first === second && first.length === length;
}
