// The frontend's variables, written into the page by the server.
export const config = JSON.parse(document.getElementById("config").textContent);
