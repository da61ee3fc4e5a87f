// One socket for all documents of the page. Adds to the provider's socket an exact account of what was sent and what
// was answered, for each document and each connection: the provider only counts, and counts wrongly after a reconnect.
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { createDecoder, readVarInt, readVarString, readVarUint } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';

const messageSync = 0;
const messageSyncStatus = 8;
const syncStep2 = 1;
const syncUpdate = 2;

export interface SocketListener {
  /** A step 2 is about to go out; what must be said before it can be sent now. */
  handingOver(document: string): void;
  /** A step 2 or an update went out. */
  sent(document: string, isStep2: boolean): void;
  /** The server answered one of them. `applied` false: it was refused. */
  answered(document: string, applied: boolean): void;
  opened(): void;
  closed(): void;
  /** What a document's Auth message says. Never answers while it is not certain whose connection this is. */
  token(): Promise<string>;
}

export class LiveSocket extends HocuspocusProviderWebsocket {
  constructor(
    url: string,
    private readonly listener: SocketListener,
  ) {
    super({
      url,
      autoConnect: false,
      delay: 400,
      minDelay: 300,
      factor: 1.6,
      maxDelay: 8000,
      messageReconnectTimeout: 30_000,
    });
    this.on('open', () => listener.opened());
    this.on('close', () => listener.closed());
  }

  /**
   * What is said while there is no connection is not queued: the handshake of the next connection carries every edit,
   * and a queue would send them a second time.
   */
  override send(message: unknown): void {
    if (this.webSocket?.readyState !== WebSocket.OPEN || !(message instanceof Uint8Array)) return;
    if (message.length > 1) {
      const decoder = createDecoder(message);
      const address = readVarString(decoder);
      if (readVarUint(decoder) === messageSync) {
        const kind = readVarUint(decoder);
        if (kind === syncStep2) this.listener.handingOver(address);
        if (kind >= syncStep2) this.listener.sent(address, kind === syncStep2);
      }
    }
    this.webSocket.send(message as Uint8Array<ArrayBuffer>);
  }

  token(): Promise<string> {
    return this.listener.token();
  }

  sendUpdate(address: string, update: Uint8Array): void {
    const encoder = createEncoder();
    writeVarString(encoder, address);
    writeVarUint(encoder, messageSync);
    writeVarUint(encoder, syncUpdate);
    writeVarUint8Array(encoder, update);
    this.send(toUint8Array(encoder));
  }

  override onMessage(event: MessageEvent): void {
    super.onMessage(event);
    const data = new Uint8Array(event.data as ArrayBuffer);
    if (data.length <= 1) return;
    const decoder = createDecoder(data);
    const address = readVarString(decoder);
    if (readVarUint(decoder) === messageSyncStatus) this.listener.answered(address, readVarInt(decoder) === 1);
  }
}
