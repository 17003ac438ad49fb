"""Reads a site again and again while it is published, until there is a file `stop`.

usage: read_site.py FOLDER PAGE LIST MODE

PAGE has a title, which LIST shows, too. Both must be whole each time; with MODE --atomic,
those of one folder must be of one site, and neither may ever be missing.
"""
import os
import re
import sys

folder, page, listing, mode = sys.argv[1:]


def read(path, dir_fd=None):
    fd = os.open(path, os.O_RDONLY, dir_fd=dir_fd)
    with open(fd) as f:
        return f.read()


def title(text):
    return re.search(r'<h1[^>]*>([^<]*)<', text).group(1)


rounds = seen = 0
titles = set()
while not os.path.exists('stop'):
    rounds += 1
    for path in page, listing:
        text = read(os.path.join(folder, path))
        if not text.endswith('</html>\n'):
            sys.exit(f'{path} is cut: {text[-80:]!r}')
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        shown = title(read(page, fd))
        titles.add(shown)
        if mode == '--atomic' and f'>{shown}<' not in read(listing, fd):
            sys.exit(f'{listing} does not show {shown!r}')
        seen += 1
    except FileNotFoundError:  # in the former folder, which is being removed
        if mode != '--atomic':
            raise
    finally:
        os.close(fd)
if seen < 10 or len(titles) < 3:
    sys.exit(f'only {seen} of {rounds} rounds, {titles}')
