/** An SVG as a URL that holds all of it, so that showing it asks the network for nothing. */
export function svgUrl(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Slipway's icon. A file of its own would be fetched anew by each page and after each mark on the tab. */
export const APP_ICON = svgUrl(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f6cbd"/><g transform="translate(5.5 5) scale(1.05)" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M2 16h16M4 16 14 5l3 3-7.5 8"/><path d="M12 7 9 4"/></g></svg>`,
);
