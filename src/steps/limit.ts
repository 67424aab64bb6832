/** Limit: the part of the plan that this run may take (`--limit`, `--max-transfer`, `--max-duration`). */

export interface Limits {
  /** Photos; null for all. */
  readonly limit: number | null;
  /** Bytes; null for no bound. The photo that would go beyond is not begun, unless it is the first. */
  readonly bytes: number | null;
  /** When to stop beginning photos, in milliseconds since the epoch; null for never. */
  readonly until: number | null;
  readonly now: () => number;
}

export interface Taken<T> {
  readonly taken: AsyncIterable<T>;
  /** How many of the plan were not taken; call after the iteration. */
  leftOver(): number;
}

interface Sized {
  readonly object: { readonly size: number };
}

/**
 * Passes the plan on until a limit is reached, and counts the rest.
 * @param onLeft told of each photo that is not taken
 * @param isFree true for a photo that costs nothing: it is passed on whatever the limit, and counts for none
 */
export function withinLimits<T extends Sized>(
  plan: AsyncIterable<readonly T[]>,
  limits: Limits,
  onLeft?: (photo: T) => void,
  isFree: (photo: T) => boolean = () => false,
): Taken<T> {
  let left = 0;
  async function* taken() {
    let photos = 0;
    let bytes = 0;
    let open = true;
    for await (const chunk of plan) {
      for (const photo of chunk) {
        if (isFree(photo)) {
          yield photo;
          continue;
        }
        open &&= allows(limits, photos, bytes, photo.object.size);
        if (!open) {
          left += 1;
          onLeft?.(photo);
          continue;
        }
        photos += 1;
        bytes += photo.object.size;
        yield photo;
      }
    }
  }
  return { taken: taken(), leftOver: () => left };
}

function allows(limits: Limits, photos: number, bytes: number, next: number): boolean {
  if (limits.limit !== null && photos >= limits.limit) return false;
  if (limits.bytes !== null && photos > 0 && bytes + next > limits.bytes) return false;
  return limits.until === null || limits.now() < limits.until;
}
