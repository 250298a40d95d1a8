"use client";

import { useRouter } from "next/navigation";
import { useQueryOnConnect } from "../../../graphql/use-live.ts";
import { routes } from "../../../lib/routes.ts";
import { Card } from "../../../ui/card.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import {
  type BuildDetail,
  type BuildPageData,
  buildPageQuery,
  type BuildRegistry,
  buildRegistryQuery,
} from "./build-documents.ts";
import { StartBuildForm } from "./start-build-form.tsx";
import { initialImage } from "./start-build-values.ts";

interface StartBuildViewProps {
  registryId: string;
  registry: BuildRegistry | undefined;
  /** Name that the first image begins with. */
  image: string;
  /** The build whose inputs fill the form. */
  fromBuildId: string | undefined;
  earlier: BuildPageData | undefined;
  /** Path of the field, within its image, that the form is opened for. */
  fieldToChange: string | undefined;
}

/** The build form once its registry is known, and its shape until then. */
export function StartBuildView({
  registryId,
  registry: initialRegistry,
  image,
  fromBuildId,
  earlier: initialEarlier,
  fieldToChange,
}: StartBuildViewProps) {
  const router = useRouter();
  const { data } = useQueryOnConnect(
    buildRegistryQuery,
    { registryId },
    { initial: initialRegistry && { registry: initialRegistry }, reconcile: false },
  );
  const { data: earlier } = useQueryOnConnect(
    buildPageQuery,
    { id: fromBuildId ?? "" },
    { initial: initialEarlier, pause: fromBuildId === undefined, reconcile: false },
  );
  const registry = data?.registry;
  if (!registry || (fromBuildId !== undefined && !earlier)) {
    return (
      <Card title="Image 1" flush>
        <SkeletonRows rows={4} />
      </Card>
    );
  }
  const build = earlier?.node?.__typename === "AcrBuild" ? earlier.node : undefined;
  return (
    <StartBuildForm
      registry={registry}
      initial={initialImage(image, build)}
      note={build && noteOf(build)}
      fieldToChange={fieldToChange}
      onAllStarted={(started) => {
        const [only] = started;
        router.push(started.length === 1 && only ? routes.build(only.buildId) : routes.registry(registryId));
      }}
    />
  );
}

function noteOf(build: BuildDetail): string | undefined {
  if (!build.input) return "This build was started outside Slipway, so its source is not known here: fill it in.";
  if (build.input.buildArgs.some((arg) => arg.secret))
    return "Everything is as before but the secret values, which are kept nowhere: give them again.";
  return undefined;
}
