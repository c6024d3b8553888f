"""What can be wrong in the pages of the contacts."""

from sandbox.frontend.faults.edits import IN_CONTACTS, Edit, edited

edited(
    "contact-markup-executed",
    "The name of a contact is put into the page as HTML.",
    Edit("static/contacts.js", "{ textContent: contact.name, href", "{ innerHTML: contact.name, href"),
    kind="authorization",
    severity=1,
    finding="whoever may name a contact can run scripts in everybody's browser",
)
edited(
    "contacts-kept-for-the-next-person",
    "Answers are kept in the browser to show them faster, and nobody clears them when the person changes.",
    Edit(
        "static/contacts.js",
        "const page = await requestJson(`/api/contacts/?${query()}`);",
        """const kept = `contacts?${query()}`;
    const page = JSON.parse(sessionStorage.getItem(kept)) ?? (await requestJson(`/api/contacts/?${query()}`));
    sessionStorage.setItem(kept, JSON.stringify(page));""",
    ),
    kind="data",
    severity=1,
    finding="the next person at the same browser sees what the one before was allowed to see",
)
edited(
    "contacts-second-page-is-the-first",
    "The list asks for every page with the offset of the first.",
    Edit("static/contacts.js", "const skip = (shown.page - 1) * PAGE_SIZE;", "const skip = 0;"),
    kind="data",
    severity=2,
    finding="nobody ever sees more than the ten newest contacts",
)
edited(
    "contacts-search-ignored",
    "What is searched for stands in the page's address and is not asked of the API.",
    Edit("static/contacts.js", "limit: PAGE_SIZE, ...(shown.search && { search: shown.search })", "limit: PAGE_SIZE"),
    severity=2,
    finding="the search box changes nothing",
)
edited(
    "contacts-hidden-on-phones",
    "The table is hidden on narrow screens, for cards that were never built.",
    Edit(
        "static/screens.css",
        "/* Contacts table */",
        "@media (width < 768px) {\n  #contacts-table {\n    display: none;\n  }\n}\n\n/* Contacts table */",
    ),
    severity=1,
    finding="on a phone the page of contacts is empty",
)
edited(
    "contact-form-loses-tags",
    "The form sends the tags that the contact had before, not those in the form.",
    Edit("static/contact_form.js", "tags: readTags(),", "tags: contact.tags ?? [],"),
    kind="data",
    severity=2,
    finding="tags that are typed into the form are not saved",
)
edited(
    "contact-saved-silently",
    "The message stands on the page that is left at once, and nothing carries it over to the next.",
    Edit("static/new_contact.js", '    flash("Contacto creado correctamente");\n', ""),
    severity=3,
    finding="nobody is told that the contact was saved",
)
edited(
    "contact-created-twice",
    "The button of the form stays live while the request is under way.",
    Edit(
        "static/contact_form.js",
        'const done = busy(form.querySelector("[type=submit]"), "Guardando...");',
        "const done = () => {};",
    ),
    kind="data",
    severity=2,
    finding="a double click creates the contact twice",
)
edited(
    "contact-deleted-on-cancel",
    "The question before deleting is asked and its answer is not read.",
    Edit("static/delete_contact.js", 'if (dialog.returnValue !== "confirm") return false;', ""),
    kind="data",
    severity=1,
    finding="cancelling the question deletes the contact",
)
edited(
    "contact-deleted-unasked",
    "The question before deleting was taken out for a demonstration.",
    Edit(
        "static/delete_contact.js",
        """dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (dialog.returnValue !== "confirm") return false;""",
        "",
    ),
    kind="data",
    severity=1,
    excludes=("contact-deleted-on-cancel",),
    finding="a contact is deleted by one press, without a question",
    hides=("delete-question-without-name", "delete-question-no-dialog"),
)
edited(
    "delete-question-without-name",
    "The question reads the contact's name from a field of an older API.",
    Edit("static/delete_contact.js", ".textContent = contact.name;", '.textContent = contact.full_name ?? "";'),
    severity=3,
    finding="the question before deleting does not say which contact is meant",
)
edited(
    "delete-question-no-dialog",
    "The question is a box over the page that nothing marks as a dialog.",
    Edit("templates/delete_dialog.html", 'role="alertdialog" aria-labelledby="delete-title"', 'role="presentation"'),
    severity=3,
    finding="a screen reader does not notice that something is asked",
)
edited(
    "contact-form-labels-untied",
    "The labels of the form stand beside their fields and are tied to none.",
    Edit("templates/contact_form.html", '<label for="name">', "<label>"),
    Edit("templates/contact_form.html", '<label for="phone_number">', "<label>"),
    severity=3,
    finding="a screen reader does not say what belongs into a field",
)
edited(
    "contacts-show-the-raw-error",
    "The page shows the text of the API's error as it comes.",
    Edit(
        "static/contacts.js",
        "} catch {\n    if (turn === latest) fail();",
        "} catch (error) {\n    if (turn === latest) fail(error);",
    ),
    Edit(
        "static/contacts.js",
        "function fail() {",
        'function fail(error) {\n  byId("contacts-error").textContent = `${error.status}: ${error.message}`;',
    ),
    severity=2,
    rulings=("R-28",),
    finding="people read internal error texts",
)
edited(
    "contacts-empty-list-blank",
    "An empty answer leaves an empty page.",
    Edit("static/contacts.js", 'byId("contacts-empty").hidden = Boolean(page.data.length);', ""),
    severity=3,
    finding="a search without a hit shows nothing at all",
)
edited(
    "missing-contact-blank",
    "The page of a contact that is gone does not say so.",
    Edit("static/contact.js", 'byId("contact-error").hidden = false;', ""),
    severity=3,
    finding="an old link to a contact opens an empty page",
)
edited(
    "export-named-by-local-date",
    "The date in the name of the export is written the browser's way.",
    Edit("static/contacts.js", "new Date().toISOString().slice(0, 10)", "new Date().toLocaleDateString()"),
    severity=3,
    finding="the export's name depends on the browser's language",
)
edited(
    "contacts-left-in-english",
    "Texts of the list were never translated.",
    Edit("templates/contacts.html", "{{ icons.plus() }}Nuevo Contacto", "{{ icons.plus() }}New contact"),
    Edit(
        "templates/contacts.html",
        '["Nombre", "Teléfono", "Email", "Etiquetas", "Acciones"]',
        '["Name", "Phone", "Email", "Tags", "Actions"]',
    ),
    severity=3,
    finding="the Spanish page of contacts holds English texts",
)
edited(
    "contact-buttons-nameless",
    "The icon buttons of a row have no name.",
    Edit("templates/contacts.html", ' title="Editar" aria-label="Editar"', ""),
    Edit("templates/contacts.html", ' title="Eliminar" aria-label="Eliminar"', ""),
    severity=3,
    finding="a screen reader says button, button",
)
edited(
    "contacts-script-throws",
    "The script of the list reads a setting that only the development build has.",
    Edit(
        "static/contacts.js",
        "search.value = shown.search;",
        "search.value = shown.search;\nsearch.hidden = window.featureFlags.search.off;",
    ),
    severity=1,
    finding="the script of /contacts dies on load, so the list stays empty and its buttons dead",
    hides=IN_CONTACTS,
)
edited(
    "contacts-failure-never-told",
    "A failed answer is caught and dropped, and the list stays empty.",
    Edit(
        "static/contacts.js",
        "} catch {\n    if (turn === latest) fail();",
        "} catch {\n    if (turn === latest) rows.replaceChildren();",
    ),
    severity=2,
    excludes=("contacts-show-the-raw-error",),
    finding="when the API fails, the list of contacts looks as if there were none",
)
edited(
    "new-contact-fields-unread",
    "The fields of the form are bound to a state that typing does not change.",
    Edit(
        "static/contact_form.js",
        "event.preventDefault();\n    if (!validated(form, rules)) return;",
        """event.preventDefault();
    [name, phone, email, notes].forEach((field) => (field.value = contact[field.name] ?? ""));
    if (!validated(form, rules)) return;""",
    ),
    severity=1,
    finding="whatever is typed, the form says that its fields are empty, and sends nothing",
    hides=("contact-created-twice", "contact-form-loses-tags", "contact-saved-silently"),
)
