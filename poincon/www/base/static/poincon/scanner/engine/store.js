// What is on the disk of the device (IndexedDB). A scan is there, for good, before anything is answered about it.
//
//   meta     by name: device, state (without bitmaps), context, clock, sequence, leaving (tokens to end)
//   bitmaps  by batch: { bytes, blocked }
//   scans    by identifier: a record each (records.js)

const NAME = "poincon-scanner";
const VERSION = 1;
const STORES = ["meta", "bitmaps", "scans"];

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const upgrade = (database) => {
  database.createObjectStore("meta");
  database.createObjectStore("bitmaps");
  database.createObjectStore("scans", { keyPath: "id" });
};

const connect = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(request.result);
  });

const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
  });

export class Store {
  static async open() {
    const store = new Store();
    store.database = await connect();
    // Another tab of a newer version waits to change the shape of the database: it must not wait for this one.
    store.database.onversionchange = () => store.database.close();
    return store;
  }

  close() {
    this.database.close();
  }

  async meta(name) {
    return settled(this.database.transaction("meta").objectStore("meta").get(name));
  }

  async bitmaps() {
    const store = this.database.transaction("bitmaps").objectStore("bitmaps");
    const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
    return new Map(keys.map((key, index) => [key, values[index]]));
  }

  async scans() {
    return settled(this.database.transaction("scans").objectStore("scans").getAll());
  }

  async scan(id) {
    return settled(this.database.transaction("scans").objectStore("scans").get(id));
  }

  async sequence() {
    return (await this.meta("sequence")) ?? 0;
  }

  // Changes several things at once, or none. work(write) is given { put(store, value, key), remove(store, key),
  // clear(store), next() }: next() counts what happened on this device, and is returned. Strict: once this is over, a
  // phone that falls in water has kept it.
  async change(work) {
    const transaction = this.database.transaction(STORES, "readwrite", { durability: "strict" });
    const over = finished(transaction);
    const of = (name) => transaction.objectStore(name);
    try {
      const sequence = ((await settled(of("meta").get("sequence"))) ?? 0) + 1;
      of("meta").put(sequence, "sequence");
      await work(
        {
          put: (name, value, key) => (key === undefined ? of(name).put(value) : of(name).put(value, key)),
          remove: (name, key) => of(name).delete(key),
          clear: (name) => of(name).clear(),
          meta: (name) => settled(of("meta").get(name)),
          scan: (id) => settled(of("scans").get(id)),
          scans: () => settled(of("scans").getAll()),
        },
        sequence,
      );
      await over;
      return sequence;
    } catch (fault) {
      over.catch(() => {});
      try {
        transaction.abort();
      } catch {
        // It was over already.
      }
      throw fault;
    }
  }
}
