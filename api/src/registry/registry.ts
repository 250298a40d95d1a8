/** An Azure Container Registry as Azure shows it. */
export interface Registry {
  readonly armId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  readonly loginServer: string;
  readonly sku: string;
}
