import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// The server sends a strict Content-Security-Policy: everything is a file of its own, nothing inline.
const devServer = process.env['BOSSEY_ADDRESS'] ?? 'http://127.0.0.1:8480';
const worker = 'worker.js';

/** Tells the service worker which files make up the page and are kept from the start. Any change of any of them makes another worker. */
function pageFiles(): Plugin {
  return {
    name: 'page-files',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      const folder = dir ?? 'dist';
      const names = Object.keys(bundle).filter((name) => name !== worker).sort();
      const version = createHash('sha256');
      for (const name of [...names, worker]) version.update(name).update(readFileSync(join(folder, name)));
      // Fonts of other scripts are kept once a text has asked for them.
      const files = names.filter((name) => !/-(vietnamese|greek|cyrillic)[-\w]*\.woff2$/.test(name)).map((name) => (name === 'index.html' ? '/' : `/${name}`));
      const path = join(folder, worker);
      const code = readFileSync(path, 'utf8')
        .replaceAll('__PAGE_FILES__', JSON.stringify(files))
        .replaceAll('__PAGE_VERSION__', JSON.stringify(version.digest('hex').slice(0, 16)));
      writeFileSync(path, code);
    },
  };
}

export default defineConfig({
  plugins: [pageFiles()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: { index: 'index.html', worker: 'worker/page-worker.ts' },
      output: { entryFileNames: (chunk) => (chunk.name === 'worker' ? worker : 'assets/[name]-[hash].js') },
    },
  },
  server: {
    proxy: {
      '/api': devServer,
      '/sign-in': devServer,
      '/sync': { target: devServer, ws: true },
    },
  },
  test: { environment: 'jsdom', include: ['tests/**/*.test.ts'] },
});
