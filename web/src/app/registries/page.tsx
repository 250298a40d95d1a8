import type { Metadata } from "next";
import { RegistriesSection } from "../../features/registries/registries-section.tsx";
import { registryListQuery } from "../../features/registries/registry-documents.ts";
import { ApiNotice } from "../../features/session/api-notice.tsx";
import { dataOf, queryApi } from "../../graphql/query-api.ts";

export const metadata: Metadata = { title: "Registries" };

export default async function RegistriesPage() {
  const answer = await queryApi(registryListQuery, {});
  return (
    <div className="grid gap-5">
      <h1>Registries</h1>
      <ApiNotice wasReached={answer.status !== "unreachable"} />
      <RegistriesSection initial={dataOf(answer)?.registries} />
    </div>
  );
}
