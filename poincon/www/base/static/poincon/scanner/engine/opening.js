// Opens the engine of the scanner: the worker that keeps it on the phone, then what the phone knows.

const settings = () => document.body.dataset;

const registerWorker = async () => {
  if (!("serviceWorker" in navigator)) return null;
  return navigator.serviceWorker.register(settings().worker, { scope: settings().scope });
};

export const open = async ({ onChange = () => {} } = {}) => {
  const status = { phase: "not_enrolled", online: navigator.onLine, waiting: 0, lateRefusals: 0, lastSync: null };
  await registerWorker();
  onChange(status);
  return { status };
};
