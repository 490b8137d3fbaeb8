/**
 * Packs the VS Code extension: dist/rumpus.vsix, a zip as VS Code's own tool makes it.
 *
 *   [Content_Types].xml  extension.vsixmanifest
 *   extension/package.json    debugger/vscode/manifest.json with the package's version
 *   extension/extension.js    debugger/vscode/extension.ts and what it imports, in one file
 *   extension/media/          the timeline picture's script and style
 *   extension/icons/  extension/readme.md  extension/LICENSE.txt
 *
 * The same sources give the same bytes. `npm run vsix` runs it alone; scripts/build.mjs calls it.
 */

import { readdir, readFile, writeFile, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const source = resolve(root, 'debugger/vscode');
/** The earliest time that a zip can name; it keeps local time, so it is made of local parts. */
const NO_TIME = new Date(1980, 0, 1);

const TYPES = {
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  md: 'text/markdown',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  vsixmanifest: 'text/xml',
};

/** Writes the extension to `out`; gives the names of the files in it. */
export async function buildVsix(out) {
  const files = await extensionFiles();
  const manifest = JSON.parse(files['extension/package.json']);
  const all = {
    '[Content_Types].xml': contentTypes(),
    'extension.vsixmanifest': vsixManifest(manifest),
    ...files,
  };
  const entries = Object.entries(all).map(([name, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return [name, [bytes, { level: 9, mtime: NO_TIME, os: 0 }]];
  });
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, zipSync(Object.fromEntries(entries)));
  return Object.keys(all);
}

async function extensionFiles() {
  const { version, license } = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8'));
  const manifest = JSON.parse(await readFile(resolve(source, 'manifest.json'), 'utf8'));
  const { name, displayName, description, ...rest } = manifest;
  const full = { name, displayName, description, version, license, ...rest };
  const files = {
    'extension/package.json': `${JSON.stringify(full, null, 2)}\n`,
    'extension/extension.js': await bundle(resolve(source, 'extension.ts'), {
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      external: ['vscode'],
    }),
    'extension/media/timeline.js': await bundle(resolve(root, 'tracer/timeline/page/main.js'), {
      format: 'iife',
      globalName: 'rumpusTimeline',
      target: 'es2022',
    }),
    'extension/media/timeline.css': await readFile(resolve(root, 'tracer/timeline/page/style.css')),
    'extension/readme.md': await readFile(resolve(source, 'README.md')),
    'extension/LICENSE.txt': await readFile(resolve(root, 'LICENSE')),
  };
  for (const icon of (await readdir(resolve(source, 'icons'))).sort()) {
    files[`extension/icons/${icon}`] = await readFile(resolve(source, 'icons', icon));
  }
  return files;
}

async function bundle(entry, options) {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    write: false,
    minifySyntax: true,
    logLevel: 'warning',
    legalComments: 'none',
  });
  return outputFiles[0].contents;
}

function contentTypes() {
  const types = Object.entries(TYPES).map(([extension, type]) => {
    return `  <Default Extension=".${extension}" ContentType="${type}"/>\n`;
  });
  const namespace = 'http://schemas.openxmlformats.org/package/2006/content-types';
  return `<?xml version="1.0" encoding="utf-8"?>\n<Types xmlns="${namespace}">\n${types.join('')}</Types>\n`;
}

function vsixManifest(manifest) {
  const { publisher, name, version, displayName, description, engines, keywords } = manifest;
  const { categories, extensionKind, icon } = manifest;
  const property = (id, value) => `      <Property Id="${id}" Value="${xml(value)}"/>\n`;
  const asset = (type, path) => {
    return `    <Asset Type="Microsoft.VisualStudio.${type}" Path="${path}" Addressable="true"/>\n`;
  };
  const namespace = 'http://schemas.microsoft.com/developer/vsx-schema/2011';
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="${namespace}">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}"/>
    <DisplayName>${xml(displayName)}</DisplayName>
    <Description xml:space="preserve">${xml(description)}</Description>
    <Tags>${xml(keywords.join(','))}</Tags>
    <Categories>${xml(categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
${property('Microsoft.VisualStudio.Code.Engine', engines.vscode)}${property(
  'Microsoft.VisualStudio.Code.ExtensionKind',
  extensionKind.join(','),
)}    </Properties>
    <License>extension/LICENSE.txt</License>
    <Icon>extension/${icon}</Icon>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
${asset('Code.Manifest', 'extension/package.json')}${asset(
  'Services.Content.Details',
  'extension/readme.md',
)}${asset('Services.Content.License', 'extension/LICENSE.txt')}${asset(
  'Services.Icons.Default',
  `extension/${icon}`,
)}  </Assets>
</PackageManifest>
`;
}

function xml(text) {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const out = resolve(process.argv[2] ?? resolve(root, 'dist/rumpus.vsix'));
  await buildVsix(out);
  process.stdout.write(`${out}\n`);
}
