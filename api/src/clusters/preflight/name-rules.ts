import type { FieldProblem } from "../../shared/invalid-input-error.ts";
import { toDnsPrefix } from "../provisioning/cluster-spec.ts";
import type { ProvisionRequest } from "../provisioning/provision-input.ts";
import { fail, pass, type Verdict } from "./check.ts";

const MOST_PROBLEMS = 5;

/** Whether everything in the request has the form that Azure wants, `problems` being what the rules of each field say. */
export function judgeNames(request: ProvisionRequest, problems: readonly FieldProblem[]): Verdict {
  const own = problems.filter(({ path }) => path !== "registryId");
  if (own.length === 0)
    return pass(
      `Names, pools and tags follow Azure's rules. The cluster's address begins with ${toDnsPrefix(request.clusterName).toLowerCase()}.`,
    );
  const sentences = [...new Set(own.map((problem) => describe(problem, request)))];
  const more = sentences.length > MOST_PROBLEMS ? [`There is more: ${sentences.length} problems in all.`] : [];
  return fail([...sentences.slice(0, MOST_PROBLEMS), ...more].join(" "));
}

function describe({ path, message }: FieldProblem, request: ProvisionRequest): string {
  const index = /^nodePools\.(\d+)\./.exec(path)?.[1];
  if (index === undefined) return message;
  const name = request.nodePools[Number(index)]?.name;
  return `${name ? `Node pool '${name}'` : `Node pool ${Number(index) + 1}`}: ${message}`;
}
