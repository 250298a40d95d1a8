import { Card } from "../../ui/card.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";

export default function DashboardLoading() {
  return (
    <div className="grid gap-5">
      <h1>Clusters</h1>
      <Card title="All clusters" flush>
        <SkeletonRows rows={4} />
      </Card>
    </div>
  );
}
