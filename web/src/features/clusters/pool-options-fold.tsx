"use client";

import { TriangleAlert } from "lucide-react";
import type { ComponentProps } from "react";
import { PoolOptionsFields } from "./pool-options-fields.tsx";
import { errorAt, optionsText } from "./pool-options.ts";

const FIELDS = ["autoscale", "availabilityZones", "taints", "labels"];

/** The options of a pool behind a line that says what is set: few pools need them. */
export function PoolOptionsFold(props: ComponentProps<typeof PoolOptionsFields>) {
  const { path, options, errors } = props;
  const set = optionsText(options);
  const isWrong = FIELDS.some((field) => errorAt(errors, `${path}.${field}`) !== undefined);
  return (
    <details className="group sm:col-span-2 xl:col-span-full">
      <summary className="min-h-6 w-fit cursor-pointer rounded-control text-[13px] font-semibold text-text-2 hover:text-text">
        Options{" "}
        <span className="font-normal text-text-3 group-open:hidden">{set || "autoscale, zones, taints, labels"}</span>
        {isWrong && (
          <span className="ml-2 inline-flex items-center gap-1 text-danger">
            <TriangleAlert size={13} aria-hidden="true" /> needs attention
          </span>
        )}
      </summary>
      <div className="mt-3 rounded-control bg-surface-2 p-3.5">
        <PoolOptionsFields {...props} />
      </div>
    </details>
  );
}
