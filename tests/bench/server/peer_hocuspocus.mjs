// @hocuspocus/server as it comes, in memory; a document may be given as a file, as an extension for storage would.
import { readFileSync } from 'node:fs';
import { Server } from '@hocuspocus/server';
import * as Y from 'yjs';

const stored = process.argv[2];
const server = new Server({
  address: '127.0.0.1',
  port: 0,
  quiet: true,
  stopOnSignals: true,
  async onAuthenticate() {},
  async onLoadDocument({ document }) {
    if (stored) Y.applyUpdate(document, readFileSync(stored));
    return document;
  },
});
await server.listen();
console.log(`listening on http://127.0.0.1:${server.address.port}`);
