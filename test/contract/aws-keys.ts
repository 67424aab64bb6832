/** Names that the SDK looks at; what they hold must not reach a test. */
const VARIABLES = /^AWS_/;

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Lets the AWS chain find this key in the environment, and nothing else.
 * @returns what puts the environment back
 */
export function useKeys(keys: Keys | undefined): () => void {
  const before = Object.entries(process.env).filter(([name]) => VARIABLES.test(name));
  const clear = () => {
    for (const name of Object.keys(process.env)) if (VARIABLES.test(name)) delete process.env[name];
  };
  clear();
  process.env.AWS_ACCESS_KEY_ID = keys?.accessKeyId ?? "";
  process.env.AWS_SECRET_ACCESS_KEY = keys?.secretAccessKey ?? "";
  process.env.AWS_EC2_METADATA_DISABLED = "true";
  process.env.AWS_CONFIG_FILE = "/dev/null";
  process.env.AWS_SHARED_CREDENTIALS_FILE = "/dev/null";
  return () => {
    clear();
    for (const [name, value] of before) process.env[name] = value;
  };
}
