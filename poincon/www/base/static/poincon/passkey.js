// A passkey that fails says so on the page: the library only writes to the console.
document.addEventListener("allauth.error", (event) => {
  const notice = document.getElementById("passkey-error");
  if (notice) {
    event.preventDefault();
    notice.hidden = false;
  }
});
