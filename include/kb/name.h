/*
 * Names that are safe for files of a site wherever it is copied: on Linux, macOS and
 * Windows, in a Git repository and on a web server. Titles and aliases in content become
 * paths, so a name may be dangerous: ".git" makes a repository of the
 * site, "aux" is a device, "a:b" a part of the file "a".
 */
#ifndef KB_NAME_H
#define KB_NAME_H

#include "kb/str.h"

enum { KB_NAME_BYTES_MAX = 255, KB_PATH_BYTES_MAX = 3500 };

/*
 * Why nothing can be written at PATH, below a folder and with '/' between its parts, as a
 * phrase about its part *PART ("is the name of a device on Windows"); NULL: it can.
 */
const char *kb_path_fault(kb_str path, kb_str *part);

#endif
