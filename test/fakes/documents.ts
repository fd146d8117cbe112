/** Files of the kinds that people send, each as small as it can be. */

/** One page that says this. */
export function createPdf(text: string): Uint8Array {
  const stream = `BT /F1 24 Tf 72 720 Td (${text}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let pdf = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const at = pdf.length;
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const xref = `xref\n0 6\n0000000000 65535 f \n${places.join("")}trailer\n<< /Size 6 /Root 1 0 R >>\n`;
  return Buffer.from(`${pdf}${xref}startxref\n${pdf.length}\n%%EOF\n`);
}

/** A ZIP archive; every second file is packed. */
export function createZip(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [index, [name, content]] of Object.entries(files).entries()) {
    const plain = new Uint8Array(Buffer.from(content));
    const isPacked = index % 2 === 0;
    const bytes = isPacked ? Bun.deflateSync(plain, { windowBits: -15 }) : plain;
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(isPacked ? 8 : 0, 4);
    head.writeUInt32LE(Bun.hash.crc32(plain), 10);
    head.writeUInt32LE(bytes.length, 14);
    head.writeUInt32LE(plain.length, 18);
    head.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from("PK\u0003\u0004"), head, Buffer.from(name), bytes);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\u0001\u0002\u0014\0"), head, place, Buffer.from(name));
    offset += 4 + head.length + name.length + bytes.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(offset, 12);
  return new Uint8Array(Buffer.concat([...parts, ...directory, Buffer.from("PK\u0005\u0006"), end]));
}

const run = (text: string): string => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;

export const docx = createZip({
  "[Content_Types].xml": "<Types/>",
  "word/document.xml": `<?xml version="1.0"?><w:document><w:body>
    <w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr>${run("The plan")}</w:p>
    <w:p>${run("Rome &amp; ")}${run("Vienna")}<w:r><w:tab/></w:r>${run("in May")}</w:p><w:p/>
    <w:tbl><w:tr><w:tc><w:p>${run("train")}</w:p></w:tc><w:tc><w:p>${run("40 €")}</w:p></w:tc></w:tr></w:tbl>
  </w:body></w:document>`,
});

export const xlsx = createZip({
  "xl/workbook.xml": `<workbook><sheets><sheet name="Costs" sheetId="1"/><sheet name="More" sheetId="2"/></sheets></workbook>`,
  "xl/sharedStrings.xml": "<sst><si><t>item</t></si><si><r><t>rail</t></r><r><t>way</t></r></si></sst>",
  "xl/worksheets/sheet1.xml": `<worksheet><sheetData><row><c t="s"><v>0</v></c><c><v>12.5</v></c></row>
    <row><c t="s"><v>1</v></c><c t="inlineStr"><is><t>free</t></is></c></row></sheetData></worksheet>`,
  "xl/worksheets/sheet2.xml": "<worksheet><sheetData/></worksheet>",
});

export const pptx = createZip({
  "ppt/slides/slide10.xml": "<p:sld><a:p><a:r><a:t>Last</a:t></a:r></a:p></p:sld>",
  "ppt/slides/slide2.xml":
    "<p:sld><a:p><a:r><a:t>First</a:t></a:r></a:p><a:p><a:r><a:t>words</a:t></a:r></a:p></p:sld>",
});

export const odt = createZip({
  mimetype: "application/vnd.oasis.opendocument.text",
  "content.xml": `<office:document-content><office:body><office:text><text:h text:outline-level="1">Reise</text:h>
    <text:p>Hallo <text:span>liebe</text:span> Anna<text:line-break/>bis<text:s text:c="2"/>bald</text:p></office:text></office:body></office:document-content>`,
});
