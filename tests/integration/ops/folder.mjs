// A data folder with everything in it, and the commands that prove, copy and bring back one.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Server } from '../http/server.mjs';

export const binary = process.env.BOSSEY_BINARY ?? resolve(import.meta.dirname, '../../..', 'build/release/bossey');

/** Runs the program to its end, whatever its exit code is. */
export function bossey(...words) {
  return new Promise((done) =>
    execFile(binary, words, { maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      done({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr }),
    ),
  );
}

export const sh = async (program, ...words) => (await promisify(execFile)(program, words, { maxBuffer: 1 << 26 })).stdout;
export const git = (folder, ...words) => sh('git', '-c', 'safe.directory=*', '-C', folder, ...words);

export const newFolder = () => mkdtemp(join(tmpdir(), 'bossey-ops-'));

/** A server with a report of two sections, the second agreed; who is in it, and the ids of the sections. */
export async function makeHouse() {
  const server = await Server.make();
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  const chair = await server.join('wgig', 'Chair', 'chair');
  const member = await server.join('wgig', 'Member', 'member');
  const markdown = '# Report\n\n## One\n\nBegin\n\n## Two\n\nAgreed words.\n';
  const imported = await chair.post('/api/groups/wgig/imports', { slug: 'r', markdown });
  if (imported.status !== 201) throw new Error(imported.text);
  const [one, two] = (await chair.report('r')).sections.map((section) => section.id);
  const decided = await chair.agree('r', two);
  if (decided.status !== 201) throw new Error(decided.text);
  return { server, chair, member, one, two };
}

export const copyOf = async (data) => {
  const copy = join(await newFolder(), 'data');
  await cp(data, copy, { recursive: true });
  return copy;
};
export const remove = (path) => rm(path, { recursive: true, force: true });

/** Turns the bits of one octet. */
export async function flip(file, at, bits = 0x10) {
  const handle = await open(file, 'r+');
  const octet = Buffer.alloc(1);
  const place = at < 0 ? (await handle.stat()).size + at : at;
  await handle.read(octet, 0, 1, place);
  octet[0] ^= bits;
  await handle.write(octet, 0, 1, place);
  await handle.close();
}

/** All files below a folder. */
export async function filesOf(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

/** A commit by hand, through a clone: `change` gets the clone's folder. */
export async function commitByHand(repository, change) {
  const clone = join(await newFolder(), 'clone');
  await git('/', 'clone', '-q', repository, clone);
  await change(clone);
  await git(clone, 'add', '-A');
  await git(clone, '-c', 'user.name=x', '-c', 'user.email=x@bossey.invalid', 'commit', '-q', '-m', 'By hand');
  await git(clone, 'push', '-q', 'origin', 'HEAD:main');
}
