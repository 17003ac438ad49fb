/* Which build of the library this is. */
#ifndef KB_BUILD_H
#define KB_BUILD_H

/* A hash of all sources of kb. Data that another build kept may mean something else. */
const char *kb_build_id(void);

#endif
