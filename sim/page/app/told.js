// What the page is told.
export const told = JSON.parse(document.getElementById("told").textContent);
