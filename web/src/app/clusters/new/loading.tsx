import { Card } from "../../../ui/card.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";

export default function NewClusterLoading() {
  return (
    <div className="grid gap-5">
      <h1>Create a cluster</h1>
      <Card title="Basics" flush>
        <SkeletonRows rows={4} />
      </Card>
    </div>
  );
}
