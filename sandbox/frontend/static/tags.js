// Tags of a contact, to be read and to be edited.

export function tagList(tags) {
  if (!tags.length) return "Sin etiquetas";
  const list = document.createElement("ul");
  list.className = "tags";
  list.append(...tags.map((tag) => Object.assign(document.createElement("li"), { className: "tag", textContent: tag })));
  return list;
}

// Enter adds what was typed, duplicates are ignored, × removes. Returns a function that reads the tags.
export function editTags(input, list, template, initial) {
  const tags = new Set(initial);
  const draw = () => list.replaceChildren(...[...tags].map(item));
  const item = (tag) => {
    const element = template.content.cloneNode(true);
    element.querySelector("span").textContent = tag;
    const button = element.querySelector("button");
    button.setAttribute("aria-label", `Quitar etiqueta ${tag}`);
    button.addEventListener("click", () => {
      tags.delete(tag);
      draw();
      input.focus();
    });
    return element;
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (input.value.trim()) tags.add(input.value.trim());
    input.value = "";
    draw();
  });
  draw();
  return () => [...tags];
}
