"""Reads a CSV file of any make with Python's csv module and writes its records for COPY's text format.

usage: csv_records.py FILE [ENCODING [SEPARATOR]]

One record a line: its first line and its last line in the file, whether a quote was opened and never
closed, its text, its fields as a JSON array. Nothing is converted here and no line is lost.
"""
import codecs
import csv
import io
import json
import re
import sys
from collections import Counter

SEPARATORS = ',;\t|'
SAMPLE = 200  # lines that tell the separator
LONGEST = 1000  # lines of a record: what is longer is a quote that was never closed
# Control characters, and the marks of direction and of byte order that some programs leave in cells.
DROPPED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFEFF, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F)])
ESCAPED = str.maketrans({'\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r'})


def decode(data, encoding):
    """The text of the file: in the given encoding, else UTF-16 or UTF-8, else WINDOWS-1252 where a line is no UTF-8."""
    if encoding:
        return data.decode(encoding, 'replace')
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data.decode('utf-32', 'replace')
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode('utf-16', 'replace')
    head = data[:400]
    for first, name in ((1, 'utf-16-le'), (0, 'utf-16-be')):
        if 2 * head[first::2].count(0) > len(head[first::2]):
            return data.decode(name, 'replace')
    lines = []
    foreign = 0
    for line in data.splitlines(keepends=True):
        try:
            lines.append(line.decode('utf-8'))
        except UnicodeDecodeError:
            lines.append(line.decode('windows-1252', 'replace'))
            foreign += 1
    if foreign:
        print(f'{foreign} lines are not UTF-8; read as WINDOWS-1252 (another: --encoding=NAME).', file=sys.stderr)
    return ''.join(lines)


def records(lines, start, dialect, width=None):
    """Yields (first, end, unclosed, fields) of each record, lines counted from 0, end not included.

    A record of several lines must be right in every quote, and as wide as the others: otherwise a quote
    was opened and never closed, and what follows are rows of their own. Then its first line stands alone.
    """
    begin = at = start

    def feed():
        nonlocal at
        while at < len(lines) and at - begin < LONGEST:
            at += 1
            yield lines[at - 1]

    while at < len(lines):
        begin = at
        for fields in csv.reader(feed(), **dialect):
            if at - begin == 1:
                # Only an open quote keeps the end of its line.
                unclosed = bool(fields) and fields[-1].endswith('\n')
            else:
                unclosed = bool(width) and len(fields) != width
                try:
                    for _ in csv.reader(lines[begin:at], strict=True, **dialect):
                        pass
                except csv.Error:
                    unclosed = True
            if unclosed:
                at = begin + 1
                yield begin, at, True, [lines[begin].rstrip('\n')]
                break
            yield begin, at, False, fields
            begin = at


def layout(lines, start, separator):
    """The dialect, and the number of fields that most records have."""
    text = ''.join(lines[start:start + SAMPLE])
    single = re.match(r"\s*'[^'\"\n]*'[,;\t|]\s*'", text)
    best = None
    for candidate in separator or SEPARATORS:
        dialect = {'delimiter': candidate, 'quotechar': "'" if single else '"', 'skipinitialspace': candidate != ' '}
        widths = Counter(len(r[3]) for r in records(lines[start:start + SAMPLE], 0, dialect) if len(r[3]) > 1)
        width, support = max(widths.items(), key=lambda w: (w[1] * (w[0] - 1), w[0]), default=(1, 0))
        if best is None or (width - 1) * support > best[0]:
            best = ((width - 1) * support, dialect, width)
    return best[1], best[2]


def main(path, encoding='', separator=''):
    sys.stdout.reconfigure(encoding='utf-8', newline='\n')
    csv.field_size_limit(2**31 - 1)
    with open(path, 'rb') as file:
        text = decode(file.read(), encoding).translate(DROPPED)
    if text and not text.endswith(('\n', '\r')):
        text += '\n'
    # MySQL writes a quote within quotes as \"; a letter or a blank behind it tells it from a path's end.
    if re.search(r'[^,;\t|\n]\\"[\w ]', text):
        text = text.replace('\\"', '""')
    lines = list(io.StringIO(text, newline=None))
    start = next((i for i, line in enumerate(lines) if line.strip()), 0)
    stated = re.fullmatch(r'"?sep=(.)"?', lines[start].rstrip('\n'), re.IGNORECASE) if lines else None
    if stated:
        start += 1
        separator = separator or stated[1]
    dialect, width = layout(lines, start, separator)
    for begin, end, unclosed, fields in records(lines, start, dialect, width):
        row = (str(begin + 1), str(end), 't' if unclosed else 'f', ''.join(lines[begin:end]).rstrip('\n'),
               json.dumps(fields, ensure_ascii=False))
        print('\t'.join(part.translate(ESCAPED) for part in row))


if __name__ == '__main__':
    try:
        main(*sys.argv[1:])
    except LookupError as unknown:
        sys.exit(f'--encoding: {unknown}')
    except BrokenPipeError:
        sys.exit(1)  # psql has said why
