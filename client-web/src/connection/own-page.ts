// The page's own files in the browser: asks for the service worker and hears when a newer page is ready.

/** Does nothing where a browser has no service workers, as over plain HTTP in a local network. */
export function keepPage(newer: () => void): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const workers = navigator.serviceWorker;
  const had = workers.controller !== null;
  workers.addEventListener('controllerchange', () => {
    if (had) newer();
  });
  const look = (): void => void workers.getRegistration().then((found) => found?.update()).catch(() => undefined);
  void workers.register('/worker.js', { updateViaCache: 'none' }).catch(() => undefined);
  // A page that stays open for days hears of a new version, too.
  window.addEventListener('online', look);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') look();
  });
}
