/** The Azure portal's overview page of a resource. */
export function portalUrl(armId: string): string {
  return `https://portal.azure.com/#@/resource${encodeURI(armId)}/overview`;
}
