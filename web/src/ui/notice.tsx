import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode, Ref } from "react";
import { classNames } from "./class-names.ts";

const LOOKS = {
  info: { icon: Info, className: "border-accent/30 bg-accent-soft", iconClassName: "text-accent" },
  warning: { icon: TriangleAlert, className: "border-warning/30 bg-warning-soft", iconClassName: "text-warning" },
  danger: { icon: CircleAlert, className: "border-danger/30 bg-danger-soft", iconClassName: "text-danger" },
};

interface NoticeProps {
  tone: keyof typeof LOOKS;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  ref?: Ref<HTMLDivElement>;
}

/** A message that stays where it belongs until its cause is gone. It can be given the focus. */
export function Notice({ tone, title, children, action, ref }: NoticeProps) {
  const { icon: Icon, className, iconClassName } = LOOKS[tone];
  return (
    <div
      ref={ref}
      tabIndex={-1}
      className={classNames("flex flex-wrap items-start gap-x-3 gap-y-2 rounded-card border px-4 py-3", className)}
    >
      <Icon size={18} aria-hidden="true" className={classNames("mt-px shrink-0", iconClassName)} />
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-semibold text-text">{title}</p>
        {children && <div className="mt-0.5 text-text-2 [overflow-wrap:anywhere]">{children}</div>}
      </div>
      {action}
    </div>
  );
}
