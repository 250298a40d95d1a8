/** The element id of the field at a path such as `nodePools.0.vmSize`. */
export function fieldId(path: string): string {
  return `field-${path.replaceAll(".", "-")}`;
}

/** Moves the focus to the field at a path, out of a fold that hides it, or to its nearest part of the form when the path names more than one field. */
export function focusField(path: string): void {
  const steps = path.split(".");
  for (let length = steps.length; length > 0; length -= 1) {
    const element = document.getElementById(fieldId(steps.slice(0, length).join(".")));
    if (!element) continue;
    const fold = element.closest("details");
    if (fold) fold.open = true;
    element.focus();
    return;
  }
}
