import { defineConfig } from "vite";

// The page is one file: what it needs stands in it, so that it opens from a disk, too.
export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  build: {
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    outDir: process.env.OUT ?? "../cmd/tcpclose/internal/explorer/page",
    emptyOutDir: false,
    assetsInlineLimit: 1e9,
  },
  plugins: [
    {
      name: "one-file",
      enforce: "post",
      generateBundle(_, bundle) {
        const page: any = Object.values(bundle).find((f: any) => f.fileName.endsWith(".html"));
        for (const [name, file] of Object.entries(bundle) as any) {
          if (file === page) continue;
          const text = file.type === "chunk" ? file.code.replaceAll("</script", "<\\/script") : file.source;
          const tag = file.type === "chunk" ? new RegExp(`<script[^>]*${name}[^>]*></script>`) : new RegExp(`<link[^>]*${name}[^>]*>`);
          if (file.type === "chunk") {
            page.source = page.source.replace(tag, "");
            page.source = page.source.replace("</body>", () => `<script type="module">${text.trim()}</script>\n</body>`);
          } else {
            page.source = page.source.replace(tag, () => `<style>${text.trim()}</style>`);
          }
          delete bundle[name];
        }
      },
    },
  ],
});
