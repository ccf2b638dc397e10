import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { mpiJob, volumeClaim } from './mpijob.ts';
import { skein } from './run-skein.ts';

const read = (name: string) => readFile(new URL(`../examples/kubernetes/${name}`, import.meta.url), 'utf8');
const dockerfile = await read('Dockerfile');
const documents = async (name: string) => parseAllDocuments(await read(name)).map((document) => document.toJS());
const claims = (await documents('volumes.yaml')).map((claim) => volumeClaim.parse(claim));
const [job] = await documents('job.yaml');
const { spec } = mpiJob.parse(job);
const { Launcher: launcher, Worker: worker } = spec.mpiReplicaSpecs;
const [launching] = launcher.template.spec.containers;
const [working] = worker.template.spec.containers;

it('examples/kubernetes/job.yaml is an MPIJob whose workers mount the volumes of volumes.yaml', () => {
  const { containers, volumes = [] } = worker.template.spec;
  expect(volumes.map(({ persistentVolumeClaim }) => persistentVolumeClaim.claimName)).toEqual(
    claims.map(({ metadata }) => metadata.name),
  );
  expect(containers[0]?.volumeMounts?.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name));
  expect([launching?.image, working?.image]).toEqual(['skein', 'skein']);
});

it.each([
  [
    'a field that there is not',
    { ...job, spec: { ...job.spec, slotPerWorker: 1 } },
    'Unrecognized key: "slotPerWorker"',
  ],
  ['another version', { ...job, apiVersion: 'kubeflow.org/v1' }, 'expected "kubeflow.org/v2beta1"'],
  [
    'no workers',
    { ...job, spec: { ...job.spec, mpiReplicaSpecs: { Launcher: job.spec.mpiReplicaSpecs.Launcher } } },
    'expected object',
  ],
])('%s is none', (_, changed, problem) => {
  expect(mpiJob.safeParse(changed).error?.issues[0]?.message).toContain(problem);
});

it('the launcher’s command is one that skein train takes', async () => {
  const words = launching?.args ?? [];
  const [command, network, ...flags] = words.slice(words.indexOf('skein') + 1);
  const { stdout: help } = await skein(command as string, '--help');
  const { stdout: models } = await skein('models');
  expect(models).toContain(`${network} `);
  const named = flags.filter((word) => word.startsWith('--'));
  expect(named.length).toBeGreaterThan(2);
  for (const flag of named) expect(help).toContain(`${flag} <`);
});

it('the image has the user, the keys’ folder and the server that the job names', () => {
  const user = /useradd .*--uid (\d+) .* (\w+) /.exec(dockerfile);
  expect(user?.slice(1)).toEqual([`${launcher.template.spec.securityContext?.runAsUser}`, 'mpiuser']);
  expect(worker.template.spec.securityContext?.runAsUser).toBe(launcher.template.spec.securityContext?.runAsUser);
  expect(dockerfile).toContain(`HostKey ${spec.sshAuthMountPath}/id_rsa`);
  expect(dockerfile).toContain(`> ${working?.args?.at(-1)} `);
  expect(/Port (\d+)' 'PidFile/.exec(dockerfile)?.[1]).toBe(/Host \*' ' {2}Port (\d+)/.exec(dockerfile)?.[1]);
  const memory = working?.resources;
  expect(memory?.requests).toEqual(memory?.limits);
  const words = launching?.args ?? [];
  expect(words[words.indexOf('--threads') + 1]).toBe(memory?.limits?.cpu);
});

it('the image is built of files that its list of files lets in', async () => {
  const allowed = (await read('Dockerfile.dockerignore')).split('\n').flatMap((line) => /^!(.+)/.exec(line)?.[1] ?? []);
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
  expect(allowed).toEqual(copied);
});
