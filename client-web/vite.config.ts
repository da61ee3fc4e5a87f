import { defineConfig } from 'vitest/config';

// The server sends a strict Content-Security-Policy: everything is a file of its own, nothing inline.
const devServer = process.env['BOSSEY_ADDRESS'] ?? 'http://127.0.0.1:8480';

export default defineConfig({
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 900,
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
