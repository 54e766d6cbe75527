"""Write spreadsheets by hand, as Excel and LibreOffice do in the main."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[object]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def xlsx(**sheets: Rows | str) -> bytes:
    """Return a workbook; a sheet given as text is its `sheetData` as it is."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in enumerate(sheets, 1)
    )
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        "</Relationships>",
    }
    for number, rows in enumerate(sheets.values(), 1):
        text = (
            rows
            if isinstance(rows, str)
            else "".join(_xlsx_row(*row) for row in enumerate(rows, 1))
        )
        members[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{text}</sheetData></worksheet>'
        )
    return zipped(members)


def _xlsx_row(number: int, cells: Sequence[object]) -> str:
    return (
        f'<row r="{number}">'
        + "".join(
            _xlsx_cell(f"{chr(64 + place)}{number}", cell) for place, cell in enumerate(cells, 1)
        )
        + "</row>"
    )


def _xlsx_cell(place: str, cell: object) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'


def ods(rows: Rows | str) -> bytes:
    """Return a LibreOffice sheet; rows given as text are its XML as it is."""
    text = rows if isinstance(rows, str) else "".join(map(_ods_row, rows))
    name = "urn:oasis:names:tc:opendocument:xmlns:"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{name}manifest:1.0"/>',
            "content.xml": f'<office:document-content xmlns:office="{name}office:1.0" '
            f'xmlns:table="{name}table:1.0" xmlns:text="{name}text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="Sheet1">{text}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _ods_row(cells: Sequence[object]) -> str:
    return f"<table:table-row>{''.join(map(ods_cell, cells))}</table:table-row>"


def ods_cell(cell: object, times: int = 1) -> str:
    """Return a cell's XML, repeated so many times."""
    repeated = "" if times == 1 else f' table:number-columns-repeated="{times}"'
    if cell is None or cell == "":
        return f"<table:table-cell{repeated}/>"
    if isinstance(cell, bool):
        kind, cell = f'office:value-type="boolean" office:boolean-value="{cell}"'.lower(), ""
    elif isinstance(cell, int | float):
        kind = f'office:value-type="float" office:value="{cell!r}"'
    else:
        kind = 'office:value-type="string"'
    text = f"<text:p>{escape(str(cell))}</text:p>"
    return f"<table:table-cell {kind}{repeated}>{text}</table:table-cell>"
