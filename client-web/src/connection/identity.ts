// Whose browser this was last: what the page may show when no server can say who is asking. Known from the last answer
// of the server until the person signs out, is signed out, or somebody opens a personal link.
import { Answer } from './answer';
import { EditStore } from './edit-store';
import { readMe } from './model';
import type { Me } from './model';
import { TextStore } from './text-store';

const keyName = 'bossey-me';
/** Made by the service worker when a personal link is opened. */
const signingIn = 'bossey-signing-in';

/** The server has said who this is: what the browser keeps of anybody else goes, but for edits they still wait to send. */
export async function takeBrowser(me: Me): Promise<void> {
  rememberMe(me);
  await TextStore.wipeAllBut(me.id);
}

/** The server knows nobody here: no text stays. A person's own edits stay for when they come back. */
export async function closeBrowser(): Promise<void> {
  forgetMe();
  await TextStore.wipeAllBut(null);
}

/** Signed out: nothing of the person stays. */
export async function leaveBrowser(me: Me): Promise<void> {
  await closeBrowser();
  await EditStore.wipe(me.id);
}

function rememberMe(me: Me): void {
  try {
    localStorage.setItem(keyName, JSON.stringify({ person: { id: me.id, name: me.name }, groups: me.groups }));
  } catch {
    // A browser that keeps nothing: there will be no text to show either.
  }
  if ('caches' in globalThis) void caches.delete(signingIn).catch(() => undefined);
}

function forgetMe(): void {
  try {
    localStorage.removeItem(keyName);
  } catch {
    // Nothing was kept.
  }
}

/** Null: nobody, or not certainly the same person as before. */
export async function lastMe(): Promise<Me | null> {
  try {
    const kept = localStorage.getItem(keyName);
    if (kept === null) return null;
    if ('caches' in globalThis && (await caches.has(signingIn))) return null;
    return readMe(new Answer(JSON.parse(kept)));
  } catch {
    return null;
  }
}
