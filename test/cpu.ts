/** CPU that this process used, in milliseconds: unlike wall time it says little of how busy the computer is. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
