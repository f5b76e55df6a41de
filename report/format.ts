/** Numbers as people read them; the same in every report and locale. */

/** Four significant digits; integers in full, with commas. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return formatCount(value);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
  return size >= 1e3 ? formatCount(value) : String(Number(value.toPrecision(4)));
}

/** An integer with a comma between groups of three digits. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Two decimals, or more where two would hide the distance from 0 or 1: 0.99, 0.9996, 0.002. */
export function formatShare(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 2; digits < 4; digits++) {
    const rounded = Number(value.toFixed(digits));
    if ((rounded !== 0 && rounded !== 1) || rounded === value) return value.toFixed(digits);
  }
  return value.toFixed(4);
}

/** Seconds as `12.3 s`, `4 min 05 s` or `3 h 07 min`. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return String(seconds);
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))} h ${pad(minutes % 60)} min`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
