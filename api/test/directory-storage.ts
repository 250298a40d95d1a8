import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

/** What the identity provider remembers, for as long as the test runs: it outlives a change of the provider's keys. */
export function createDirectoryStorage(): AdapterFactory {
  const models = new Map<string, Map<string, AdapterPayload>>();
  return (name): Adapter => {
    const rows = models.get(name) ?? new Map<string, AdapterPayload>();
    models.set(name, rows);
    const findBy = (key: "uid" | "userCode", value: string): AdapterPayload | undefined =>
      [...rows.values()].find((row) => row[key] === value);
    return {
      upsert: async (id, payload) => void rows.set(id, payload),
      find: async (id) => rows.get(id),
      findByUid: async (uid) => findBy("uid", uid),
      findByUserCode: async (userCode) => findBy("userCode", userCode),
      consume: async (id) => {
        const row = rows.get(id);
        if (row) row.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => void rows.delete(id),
      revokeByGrantId: async (grantId) => {
        for (const [id, row] of rows) if (row.grantId === grantId) rows.delete(id);
      },
    };
  };
}
