/** What every peer sends: a state of about 1 KB in the shape of `provisionProgress`, with the time at which it was made. */
export const PROGRESS_DOCUMENT = `subscription ProvisionProgress($provisionId: ID!) {
  provisionProgress(provisionId: $provisionId) {
    provisionId sequence status phase step totalSteps label message percent startedAt observedAt elapsedSeconds armElapsedSeconds clusterState
    portalUrl nodePools { name mode vmSize count provisioningState tone }
  }
}`;

export const PROGRESS_SDL = `
  type Query { ping: String }
  type Subscription { provisionProgress(provisionId: ID!): ProvisionProgress! }
  type ProvisionProgress {
    provisionId: ID! sequence: Int! status: String! phase: String! step: Int! totalSteps: Int! label: String! message: String percent: Float!
    startedAt: String! observedAt: String! elapsedSeconds: Int! armElapsedSeconds: Int clusterState: String portalUrl: String nodePools: [NodePool!]!
  }
  type NodePool { name: String! mode: String! vmSize: String! count: Int! provisioningState: String! tone: String! }
`;

export interface Progress {
  readonly sequence: number;
  readonly observedAt: string;
}

export function makeProgress(sequence: number): Progress & Readonly<Record<string, unknown>> {
  const pool = (name: string, count: number): object => ({
    name,
    mode: name === "systempool" ? "SYSTEM" : "USER",
    vmSize: "Standard_D4s_v3",
    count,
    provisioningState: "Creating",
    tone: "IN_PROGRESS",
  });
  return {
    provisionId: "UHJvdmlzaW9uOjEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNC4wMTk5",
    sequence,
    status: "RUNNING",
    phase: "ARM_CREATE_OR_UPDATE",
    step: 3,
    totalSteps: 5,
    label: "Creating AKS cluster (5–10 min)",
    message: null,
    percent: 41.5,
    startedAt: "2026-03-01T10:00:00.000Z",
    observedAt: new Date().toISOString(),
    elapsedSeconds: sequence,
    armElapsedSeconds: sequence,
    clusterState: "Creating",
    portalUrl:
      "https://portal.azure.com/#@/resource/subscriptions/6d1c2f1e-3b0a-4c59-9a53-2f4b8d7e0a11/resourceGroups/rg/x",
    nodePools: [pool("systempool", 1), pool("blastpool", 10), pool("gpupool", 2)],
  };
}

/** What the peer was told to send: see `Load`. */
export const TOPICS = Array.from({ length: Number(process.argv[2] ?? 1) }, (_none, index) => String(index));
const UPDATES_PER_SECOND = Number(process.argv[3] ?? 4);

/** Calls `send` with each new state, for as long as the peer runs. */
export function everyUpdate(send: (progress: ReturnType<typeof makeProgress>) => void): void {
  let sequence = 0;
  setInterval(() => send(makeProgress(++sequence)), 1000 / UPDATES_PER_SECOND);
}

/** Tells the bench where the peer listens and what it shows. The peer ends with the bench. */
export function announcePort(port: number): void {
  process.once("disconnect", () => process.exit());
  process.send?.({ port, provisionIds: TOPICS });
}
