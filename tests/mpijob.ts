/**
 * What an MPIJob of kubeflow.org/v2beta1 may say, as far as examples/kubernetes says it: names, kinds and requirements of the resource's definition
 * (manifests/base/kubeflow.org_mpijobs.yaml of kubeflow/mpi-operator) and of a pod. What is not here is refused, as a misspelt field is.
 */
import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
/** A number of units, or text such as 100m or 16Gi. */
const quantity = z.union([z.int(), z.string().regex(/^\d+(\.\d+)?(m|k|[KMGTPE]i?)?$/)]);
const resources = z.strictObject({
  requests: z.partialRecord(z.enum(['cpu', 'memory', 'storage']), quantity).optional(),
  limits: z.partialRecord(z.enum(['cpu', 'memory']), quantity).optional(),
});

const container = z.strictObject({
  name,
  image: z.string().min(1),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  resources: resources.optional(),
  volumeMounts: z
    .array(z.strictObject({ name, mountPath: z.string().startsWith('/'), readOnly: z.boolean().optional() }))
    .optional(),
});

const affinityTerm = z.strictObject({
  topologyKey: z.string(),
  labelSelector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
});

const pod = z.strictObject({
  securityContext: z.strictObject({ runAsUser: z.int(), fsGroup: z.int().optional() }).optional(),
  affinity: z
    .strictObject({
      podAntiAffinity: z.strictObject({ requiredDuringSchedulingIgnoredDuringExecution: z.array(affinityTerm) }),
    })
    .optional(),
  containers: z.array(container).min(1),
  volumes: z
    .array(
      z.strictObject({
        name,
        persistentVolumeClaim: z.strictObject({ claimName: name, readOnly: z.boolean().optional() }),
      }),
    )
    .optional(),
});

const replicas = z.strictObject({
  replicas: z.int().min(1),
  restartPolicy: z.enum(['Always', 'OnFailure', 'Never', 'ExitCode']),
  template: z.strictObject({ spec: pod }),
});

export const mpiJob = z.strictObject({
  apiVersion: z.literal('kubeflow.org/v2beta1'),
  kind: z.literal('MPIJob'),
  metadata: z.strictObject({ name }),
  spec: z.strictObject({
    slotsPerWorker: z.int().optional(),
    sshAuthMountPath: z.string().optional(),
    launcherCreationPolicy: z.enum(['AtStartup', 'WaitForWorkersReady']).optional(),
    mpiImplementation: z.enum(['OpenMPI', 'Intel', 'MPICH']).optional(),
    runPolicy: z
      .strictObject({
        backoffLimit: z.int().optional(),
        cleanPodPolicy: z.enum(['All', 'Running', 'None']).optional(),
        activeDeadlineSeconds: z.int().positive().optional(),
        ttlSecondsAfterFinished: z.int().optional(),
        suspend: z.boolean().optional(),
      })
      .optional(),
    mpiReplicaSpecs: z.strictObject({ Launcher: replicas, Worker: replicas }),
  }),
});

export const volumeClaim = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('PersistentVolumeClaim'),
  metadata: z.strictObject({ name }),
  spec: z.strictObject({
    accessModes: z.array(z.enum(['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'])).min(1),
    resources,
  }),
});
