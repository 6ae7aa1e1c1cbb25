// Pasting into a text of the editor: Draftail knows no first-level heading and no table.
// A first-level heading becomes a second-level one, and those below follow; a table becomes a « Tableau » block.
(() => {
  const ours = new WeakSet(); // the events that this script sends
  const MOST_SPAN = 100;
  const PLACE = /<p data-table-place="\d+"><\/p>/;

  const say = (text) =>
    document.dispatchEvent(new CustomEvent("w-messages:add", { detail: { clear: false, text, type: "success" } }));

  function lowerHeadings(body) {
    if (!body.querySelector("h1")) return false;
    for (const heading of [...body.querySelectorAll("h1, h2, h3")]) {
      const lower = body.ownerDocument.createElement(`h${Number(heading.tagName[1]) + 1}`);
      lower.append(...heading.childNodes);
      heading.replaceWith(lower);
    }
    return true;
  }

  const span = (cell, name) => Math.min(Math.max(Number(cell.getAttribute(name)) || 1, 1), MOST_SPAN);

  const words = (cell) =>
    [...(cell.querySelectorAll("p, li").length ? cell.querySelectorAll("p, li") : [cell])]
      .map((part) => part.textContent.replace(/[\s\u00a0]+/g, " ").trim())
      .filter(Boolean)
      .join("\n");

  function hasHeaderRow(table) {
    const cells = [...(table.rows[0]?.cells || [])];
    const strong = (cell) => !words(cell) || cell.tagName === "TH" || cell.querySelector("b, strong");
    return Boolean(table.tHead) || (cells.some((cell) => words(cell)) && cells.every(strong));
  }

  // The value of a table block: a rectangular grid, the cells covered by a merged one empty.
  function valueOf(table) {
    const grid = [...table.rows].map(() => []);
    const mergeCells = [];
    [...table.rows].forEach((line, row) => {
      let col = 0;
      for (const cell of line.cells) {
        while (grid[row][col] !== undefined) col += 1;
        const colspan = span(cell, "colspan");
        const rowspan = Math.min(span(cell, "rowspan"), grid.length - row);
        for (let down = 0; down < rowspan; down += 1)
          for (let right = 0; right < colspan; right += 1) grid[row + down][col + right] = "";
        grid[row][col] = words(cell);
        if (colspan > 1 || rowspan > 1) mergeCells.push({ row, col, rowspan, colspan });
        col += colspan;
      }
    });
    const width = Math.max(0, ...grid.map((line) => line.length));
    const data = grid.map((line) => Array.from({ length: width }, (_, col) => line[col] ?? ""));
    const choice = hasHeaderRow(table) ? "row" : "neither";
    return {
      data, cell: [], mergeCells, table_caption: "", table_header_choice: choice,
      first_row_is_table_header: choice === "row", first_col_is_header: false,
    };
  }

  // Mails are laid out with tables of one cell: these are only frames.
  const isFrame = (table) => table.rows.length <= 1 && (table.rows[0]?.cells.length || 0) <= 1;

  function takeTables(body) {
    for (const frame of [...body.querySelectorAll("table")].reverse())
      if (isFrame(frame)) frame.replaceWith(...(frame.rows[0]?.cells[0]?.childNodes || []));
    const tables = [...body.querySelectorAll("table")].filter((table) => !table.parentElement.closest("table"));
    tables.forEach((table, number) => {
      const place = body.ownerDocument.createElement("p");
      place.dataset.tablePlace = String(number);
      table.replaceWith(place);
    });
    return tables;
  }

  // The body that holds the text, and the child of it that does.
  function placeOf(editor) {
    for (let around = editor.parentElement; around; around = around.parentElement) {
      const child = around.rootBlock?.children?.find((block) => block.element?.contains(editor));
      if (child) return { stream: around.rootBlock, child };
    }
    return null;
  }

  const textOf = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent.trim();

  function pasteInto(editor, html) {
    if (!textOf(html)) return;
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", textOf(html));
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    ours.add(event);
    editor.dispatchEvent(event);
  }

  function insertText(stream, index, html) {
    if (!textOf(html)) return 0;
    const value = stream.blockDef.initialChildStates.paragraph;
    stream.insert({ type: "paragraph", value, id: null }, index, { animate: false, focus: false });
    const element = stream.children[index].element;
    const fill = (left) => {
      const editor = element.querySelector('[contenteditable="true"]');
      if (editor) {
        editor.focus();
        pasteInto(editor, html);
      } else if (left > 0) setTimeout(() => fill(left - 1), 50);
    };
    fill(40);
    return 1;
  }

  function insertTable(stream, index, table) {
    const value = { caption: table.caption?.textContent.trim().slice(0, 200) || "", table: valueOf(table) };
    stream.insert({ type: "table", value, id: null }, index, { animate: false, focus: false });
    return 1;
  }

  function spread(place, tables, texts) {
    let index = place.stream.children.indexOf(place.child) + 1;
    tables.forEach((table, number) => {
      index += insertTable(place.stream, index, table);
      index += insertText(place.stream, index, texts[number + 1] || "");
    });
    const many = tables.length > 1;
    say(many ? `Les ${tables.length} tableaux collés sont devenus des blocs « Tableau », sous ce texte.`
      : "Le tableau collé est devenu un bloc « Tableau », sous ce texte.");
  }

  // Where no block can hold a table: a line for each row, readable still.
  const asLines = (table) =>
    valueOf(table).data.map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line.filter(Boolean).join(" · ");
      return paragraph.outerHTML;
    }).join("");

  function onPaste(event) {
    const editor = event.target.closest?.('.public-DraftEditor-content[contenteditable="true"]');
    const html = event.clipboardData?.getData("text/html") || "";
    if (!editor || ours.has(event) || !/<(h1|table)\b/i.test(html) || html.includes("data-draftjs-conductor")) return;
    const body = new DOMParser().parseFromString(html, "text/html").body;
    lowerHeadings(body);
    const tables = takeTables(body);
    const place = tables.length ? placeOf(editor) : null;
    const texts = body.innerHTML.split(PLACE);
    event.preventDefault();
    event.stopImmediatePropagation();
    if (place?.stream.blockDef.childBlockDefsByName?.table) {
      pasteInto(editor, texts[0]);
      spread(place, tables, texts);
    } else {
      pasteInto(editor, texts.map((text, number) => text + (tables[number] ? asLines(tables[number]) : "")).join(""));
      if (tables.length) say("Un tableau ne tient pas dans ce texte : chacune de ses lignes est devenue un paragraphe.");
    }
  }

  document.addEventListener("paste", onPaste, true);
})();
