// What a browser must have for the scanner to work, and what is said when it has not.

import { part } from "./pieces.js";
import { say } from "./texts.js";

/** Why the scanner cannot work here: "insecure", "old" or "storage"; empty when it can, as far as can be told at once. */
export const fault = () => {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.locks || !window.BroadcastChannel || !window.crypto?.getRandomValues) return "old";
  return storage() ? "" : "storage";
};

// Where storage is refused, even looking at it may throw.
const storage = () => {
  try {
    return window.indexedDB ?? null;
  } catch {
    return null;
  }
};

/** Whether this browser keeps the scanner, so that it opens without a network. */
export const isKept = () => "serviceWorker" in navigator;

/** Say that it cannot work, why, and what to do; nothing else is shown. */
export const showUnable = (root, reason) => {
  for (const one of root.querySelectorAll("[data-start]")) one.hidden = one.dataset.start !== "unable";
  for (const one of root.querySelectorAll("[data-unable]")) one.hidden = one.dataset.unable !== reason;
  part(root, "start-title").textContent = say("title_unable");
  root.dataset.unable = "";
};
