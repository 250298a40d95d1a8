/** Slipway's sign. */
export function Mark() {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="text-accent"
    >
      <path d="M2 16h16M4 16 14 5l3 3-7.5 8" />
      <path d="M12 7 9 4" />
    </svg>
  );
}
