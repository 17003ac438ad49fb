/*
 * Listing a source. One walk serves folders on disk, trees of a revision and the index:
 * all are read into items, sorted as Git sorts (a folder as if its name ended in a
 * slash), so that the walk meets paths in the order of their bytes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ignore.h"
#include "kb/file.h"
#include "kb/pool.h"
#include "kb/vec.h"
#include "source_private.h"

#define NOWHERE SIZE_MAX
#define IGNORE_FILE_MAX ((size_t)1 << 20)
#define RACY INT64_C(2000000000) /* nanoseconds */

struct item {
	kb_str name;
	uint64_t size, stamp;
	uint8_t kind; /* enum kb_entry_kind or KB_FOLDER */
	bool absent;
	bool skipped; /* the work tree leaves it out: it is in the index */
	git_oid oid;  /* in a revision or the index */
	size_t from;  /* a folder in the index: its first entry; or NOWHERE */
};

struct items {
	KB_VEC(struct item);
};

/* A folder on its way through the walk. */
struct listed_folder {
	kb_str path;	   /* below the content root, with a slash at the end or empty */
	int fd;		   /* on disk; -1: the work tree leaves it out */
	const git_oid *id; /* in a revision */
	size_t from;	   /* in the index: its first entry; or NOWHERE */
	unsigned depth;
	bool git_ignored;	 /* only what Git tracks counts */
	bool left_out;		 /* neither read nor walked */
	const struct item *item; /* in its parent */
	const struct kb_ignore *git_rules, *kb_rules;
	struct items items;
	int failed; /* errno of opening it or of reading its items */
};

/*
 * The next subfolders of a folder, read together by several threads before they are
 * walked one by one: a folder's files are looked at one after another, which is most of
 * the time of a walk. They are open until they are walked, so there are few of them, and
 * far below the root only one.
 */
enum { BATCH_MAX = 32, BATCH_DEPTH = 4, BATCH_SMALL = 8 };
struct folder_batch {
	struct folder_walk *walk;
	const struct listed_folder *parent;
	struct listed_folder *folders;
	size_t len, next;
};

struct folder_walk {
	struct kb_source *source;
	struct kb_arena *scratch; /* names and rules, for the whole walk */
	struct kb_arena **names;  /* by worker: those that a batch reads */
	unsigned nworkers;
	struct kb_arena *arena; /* paths of the entries */
	struct {
		KB_VEC(struct kb_object);
	} found;
	git_index *index; /* read when something is ignored */
	bool index_read;
	size_t lacking; /* files that a partial clone leaves out, too, and */
	kb_str lacks;	/* one of them */
	int64_t begun;	/* nanoseconds; when the walk began */
	kb_str wanted;	/* empty: all; else only this path, as if it were there */
	struct kb_error *err;
};

static int compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	size_t n = x->name.len < y->name.len ? x->name.len : y->name.len;
	int order = memcmp(x->name.data, y->name.data, n);
	unsigned char cx, cy;

	if (order != 0)
		return order;
	cx = n < x->name.len	    ? (unsigned char)x->name.data[n]
	     : x->kind == KB_FOLDER ? '/'
				    : 0;
	cy = n < y->name.len	    ? (unsigned char)y->name.data[n]
	     : y->kind == KB_FOLDER ? '/'
				    : 0;
	return cx - cy;
}

static int64_t nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Times may be as coarse as two seconds: a file may be changed again within what is still
 * the same time. */
static uint64_t stamp_of(const struct folder_walk *w, const struct stat *st)
{
	const uint64_t parts[] = {(uint64_t)nanoseconds(st->st_mtim),
		(uint64_t)nanoseconds(st->st_ctim), st->st_ino, st->st_dev,
		(uint64_t)st->st_size};

	if (nanoseconds(st->st_mtim) > w->begun - RACY ||
		nanoseconds(st->st_ctim) > w->begun - RACY)
		return 0;
	return kb_str_hash((kb_str){(const char *)parts, sizeof(parts)}) | 1;
}

/* Makes of a folder what it is: a repository within is a submodule, or another work tree.
 * 1, or -1 with errno. */
static int classify_folder(int fd, const char *name, struct item *item)
{
	char path[NAME_MAX + sizeof("/.git")];

	snprintf(path, sizeof(path), "%s/.git", name);
	item->kind = KB_FOLDER;
	if (faccessat(fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		item->kind = KB_ENTRY_SUBMODULE;
	/* A folder that may not be entered is a failure when it is read. */
	else if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
		return -1;
	return 1;
}

/* 1; 0 for what is neither file, folder nor link, and for what is gone by now; -1 with
 * errno. */
static int classify(const struct folder_walk *w, int fd, const struct dirent *entry,
	struct item *item)
{
	struct stat st;

	if (entry->d_type == DT_DIR)
		return classify_folder(fd, entry->d_name, item);
	if (entry->d_type == DT_LNK) {
		item->kind = KB_ENTRY_SYMLINK;
		return 1;
	}
	if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	if (S_ISDIR(st.st_mode))
		return classify_folder(fd, entry->d_name, item);
	if (S_ISLNK(st.st_mode))
		item->kind = KB_ENTRY_SYMLINK;
	else if (!S_ISREG(st.st_mode))
		return 0;
	item->size = (uint64_t)st.st_size;
	item->stamp = item->kind == KB_ENTRY_FILE ? stamp_of(w, &st) : 0;
	return 1;
}

/* Adds what is in the folder; -1 with errno. A listing that ended too early would take
 * documents off the site. */
static int read_entries(const struct folder_walk *w, struct kb_arena *names,
	struct listed_folder *folder, DIR *dir)
{
	for (;;) {
		struct item item = {.kind = KB_ENTRY_FILE, .from = NOWHERE};
		struct dirent *entry;
		int found;

		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return errno ? -1 : 0;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
			strcmp(entry->d_name, ".git") == 0)
			continue;
		found = classify(w, folder->fd, entry, &item);
		if (found < 0)
			return -1;
		item.name = kb_arena_str(names, kb_str_of(entry->d_name));
		if (found)
			kb_vec_push(&folder->items, item);
	}
}

static void read_disk(
	const struct folder_walk *w, struct kb_arena *names, struct listed_folder *folder)
{
	int fd = dup(folder->fd);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct items *items = &folder->items;

	if (!dir || read_entries(w, names, folder, dir) < 0)
		folder->failed = errno;
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	if (items->len > 1)
		qsort(items->items, items->len, sizeof(*items->items), compare_items);
}

static int read_tree(
	struct folder_walk *w, const struct listed_folder *folder, struct items *items)
{
	_cleanup_tree_ git_tree *tree = NULL;
	size_t n;

	if (git_tree_lookup(&tree, w->source->repo, folder->id) < 0)
		return kb_git_fail(w->err,
			"cannot read the folder '%.*s' of the revision",
			KB_ARG(folder->path));
	n = git_tree_entrycount(tree);
	for (size_t i = 0; i < n; i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
		struct item *item = kb_vec_add(items);

		*item = (struct item){
			.name = kb_arena_str(
				w->scratch, kb_str_of(git_tree_entry_name(entry))),
			.kind = kb_kind_of_mode(git_tree_entry_filemode(entry)),
			.oid = *git_tree_entry_id(entry),
		};
	}
	return 0;
}

/* The entries of a folder stand together, those of its subfolders among them. Of a work
 * tree only those count that it leaves out. */
static int read_index(
	struct folder_walk *w, const struct listed_folder *folder, struct items *items)
{
	bool disk = kb_source_is_disk(w->source);
	git_index *index = disk ? w->source->sparse : w->source->index;
	kb_str prefix = w->source->prefix;
	size_t skip = folder->path.len + (prefix.len ? prefix.len + 1 : 0);
	size_t n = git_index_entrycount(index);
	kb_str start = KB_STR_NULL;

	for (size_t i = folder->from; i < n; i++) {
		const git_index_entry *entry = git_index_get_byindex(index, i);
		kb_str path = kb_str_of(entry->path), name;
		size_t slash;

		if (i == folder->from)
			start = kb_arena_str(w->scratch, kb_str_sub(path, 0, skip));
		if (!kb_str_starts(path, start))
			break;
		name = kb_str_sub(path, skip, path.len);
		slash = kb_str_chr(name, '/');
		name = kb_arena_str(w->scratch, kb_str_sub(name, 0, slash));
		if (entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD ||
			(disk && !kb_is_skipped(entry)))
			continue;
		if (slash != SIZE_MAX && items->len &&
			kb_str_eq(items->items[items->len - 1].name, name))
			continue;
		kb_vec_push(items,
			((struct item){
				.name = name,
				.kind = slash == SIZE_MAX ? kb_kind_of_mode(entry->mode)
							  : KB_FOLDER,
				.oid = entry->id,
				.skipped = disk,
				.from = i,
			}));
	}
	return 0;
}

/* Adds what the work tree leaves out of the folder; both are sorted. */
static int add_skipped(
	struct folder_walk *w, const struct listed_folder *folder, struct items *items)
{
	struct items disk = *items, skipped = {0};
	size_t i = 0, k = 0;

	*items = (struct items){0};
	read_index(w, folder, &skipped);
	while (i < disk.len || k < skipped.len) {
		int order = i == disk.len ? 1
			    : k == skipped.len
				    ? -1
				    : compare_items(&disk.items[i], &skipped.items[k]);

		kb_vec_push(items, order <= 0 ? disk.items[i] : skipped.items[k]);
		if (order == 0)
			items->items[items->len - 1].from = skipped.items[k].from;
		i += order <= 0;
		k += order >= 0;
	}
	kb_vec_dispose(&disk);
	kb_vec_dispose(&skipped);
	return 0;
}

static int read_items(struct folder_walk *w, struct listed_folder *folder)
{
	if (w->source->is_revision)
		return read_tree(w, folder, &folder->items);
	if (w->source->index)
		return read_index(w, folder, &folder->items);
	errno = folder->failed;
	if (errno)
		return kb_error_errno(
			w->err, "cannot read the folder '%.*s'", KB_ARG(folder->path));
	return folder->from == NOWHERE ? 0 : add_skipped(w, folder, &folder->items);
}

static const struct item *find_file(const struct items *items, const char *name)
{
	for (size_t i = 0; i < items->len; i++)
		if (items->items[i].kind == KB_ENTRY_FILE &&
			kb_str_is(items->items[i].name, name))
			return &items->items[i];
	return NULL;
}

/* Without its rules, what a folder ignores would be published, so a file of rules that
 * cannot be read is a failure. */
static int read_at(int folder, const char *name, kb_buf *out)
{
	int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char chunk[4096];
	ssize_t n = 0;

	if (file < 0)
		return -1;
	while (out->len < IGNORE_FILE_MAX &&
		(n = read(file, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno != EINTR)
			break;
		if (n > 0)
			kb_buf_add(out, chunk, (size_t)n);
	}
	close(file);
	return n < 0 ? -1 : 0;
}

/* Does a partial clone leave out what the work tree leaves out? */
static bool is_lacking(const struct folder_walk *w, const struct item *item)
{
	git_odb *odb = NULL;
	bool lacking = git_repository_odb(&odb, w->source->repo) == 0 &&
		       !git_odb_exists(odb, &item->oid);

	git_odb_free(odb);
	return lacking;
}

static int read_rules_file(struct folder_walk *w, const struct listed_folder *folder,
	const struct item *item, kb_buf *out)
{
	git_blob *blob;
	size_t size;

	if (kb_source_is_disk(w->source) && !item->skipped)
		return read_at(folder->fd, item->name.data, out) == 0
			       ? 0
			       : kb_error_errno(w->err, "cannot read '%.*s%.*s'",
					 KB_ARG(folder->path), KB_ARG(item->name));
	if (item->skipped && is_lacking(w, item))
		return 0; /* the walk fails when it meets the file itself */
	if (git_blob_lookup(&blob, w->source->repo, &item->oid) < 0)
		return kb_git_fail(w->err, "cannot read '%.*s%.*s'", KB_ARG(folder->path),
			KB_ARG(item->name));
	size = (size_t)git_blob_rawsize(blob);
	kb_buf_add(out, git_blob_rawcontent(blob),
		size < IGNORE_FILE_MAX ? size : IGNORE_FILE_MAX);
	git_blob_free(blob);
	return 0;
}

/* The file's text, or what is given in its place; empty when there is neither. */
static int read_rules(struct folder_walk *w, const struct listed_folder *folder,
	const struct items *items, const char *name, kb_buf *out)
{
	const struct item *item = find_file(items, name);
	const kb_str *given = NULL;

	if (w->source->replaced.len)
		given = kb_map_get(&w->source->replaced,
			kb_arena_fmt(w->scratch, "%.*s%s", KB_ARG(folder->path), name));
	if (given)
		kb_buf_str(out, *given);
	return given || !item ? 0 : read_rules_file(w, folder, item, out);
}

/* Adds the rules of the folder's .gitignore and .kbignore. */
static int add_rules(
	struct folder_walk *w, struct listed_folder *folder, const struct items *items)
{
	kb_str prefix = w->source->prefix;
	size_t base = folder->path.len + (prefix.len ? prefix.len + 1 : 0);
	_cleanup_buf_ kb_buf text = {0};

	if (kb_source_is_disk(w->source) &&
		read_rules(w, folder, items, ".gitignore", &text) < 0)
		return -1;
	folder->git_rules =
		kb_ignore_parse(w->scratch, kb_buf_view(&text), base, folder->git_rules);
	kb_buf_clear(&text);
	if (read_rules(w, folder, items, ".kbignore", &text) < 0)
		return -1;
	folder->kb_rules =
		kb_ignore_parse(w->scratch, kb_buf_view(&text), base, folder->kb_rules);
	return 0;
}

/* Git reads what it tracks even where a rule ignores it. */
static bool is_tracked(struct folder_walk *w, kb_str path, bool is_folder)
{
	_cleanup_buf_ kb_buf name = {0};
	size_t at;

	if (!w->index_read && w->source->repo)
		git_repository_index(&w->index, w->source->repo);
	w->index_read = true;
	if (!w->index)
		return false;
	kb_buf_str(&name, path);
	if (!is_folder)
		return git_index_get_bypath(w->index, name.data, 0) != NULL;
	kb_buf_putc(&name, '/');
	return git_index_find_prefix(&at, w->index, name.data) == 0;
}

static bool is_ignored(struct folder_walk *w, const struct listed_folder *folder,
	kb_str path, bool is_folder, bool *by_git)
{
	kb_str prefix = w->source->prefix, whole = path;

	*by_git = false;
	if (!folder->git_ignored && !folder->git_rules && !folder->kb_rules)
		return false;
	if (prefix.len)
		whole = kb_arena_fmt(
			w->scratch, "%.*s/%.*s", KB_ARG(prefix), KB_ARG(path));
	if (kb_ignore_match(folder->kb_rules, whole, is_folder))
		return true;
	*by_git = folder->git_ignored ||
		  kb_ignore_match(folder->git_rules, whole, is_folder);
	return *by_git && !is_tracked(w, whole, is_folder);
}

/* Leaves of the items the one on the way to what is wanted. */
static void keep_wanted(const struct folder_walk *w, const struct listed_folder *folder,
	struct items *items)
{
	kb_str name = kb_str_sub(w->wanted, folder->path.len, w->wanted.len);
	size_t slash = kb_str_chr(name, '/');
	struct item kept = {
		.kind = slash == SIZE_MAX ? KB_ENTRY_FILE : KB_FOLDER, .absent = true};

	kept.name = kb_str_sub(name, 0, slash);
	for (size_t i = 0; i < items->len; i++)
		if (kb_str_eq(items->items[i].name, kept.name))
			kept = items->items[i];
	items->len = 0;
	kb_vec_push(items, kept);
}

/* For each file: printing it would take longer than looking at it. */
static kb_str joined(struct kb_arena *arena, kb_str folder, kb_str name)
{
	char *path = kb_arena_alloc(arena, folder.len + name.len + 1);

	if (folder.len)
		memcpy(path, folder.data, folder.len);
	memcpy(path + folder.len, name.data, name.len);
	return (kb_str){path, folder.len + name.len};
}

static void visit_file(struct folder_walk *w, const struct listed_folder *folder,
	const struct item *item)
{
	kb_str path = joined(w->arena, folder->path, item->name);
	bool by_git;

	if (is_ignored(w, folder, path, false, &by_git))
		return;
	if (item->skipped && item->kind == KB_ENTRY_FILE && is_lacking(w, item)) {
		w->lacks = path;
		w->lacking++;
	}
	kb_vec_push(&w->found, ((struct kb_object){
				       .entry = {.path = path,
					       .size = item->size,
					       .stamp = item->stamp,
					       .kind = item->kind},
				       .oid = item->oid,
			       }));
}

static struct listed_folder subfolder(struct folder_walk *w,
	const struct listed_folder *parent, const struct item *item)
{
	kb_str path = joined(w->scratch, parent->path, item->name);
	struct listed_folder sub = {.path = joined(w->scratch, path, KB_STR("/")),
		.fd = -1,
		.id = &item->oid,
		.from = item->from,
		.depth = parent->depth + 1,
		.item = item,
		.git_rules = parent->git_rules,
		.kb_rules = parent->kb_rules};

	sub.left_out = is_ignored(w, parent, path, true, &sub.git_ignored);
	return sub;
}

static void open_folder(void *ctx, size_t i, unsigned worker)
{
	const struct folder_batch *batch = ctx;
	const struct folder_walk *w = batch->walk;
	struct listed_folder *folder = &batch->folders[i];
	const struct item *item = folder->item;

	if (folder->left_out || item->absent || item->skipped ||
		!kb_source_is_disk(w->source))
		return;
	folder->fd = openat(batch->parent->fd, item->name.data,
		O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (folder->fd >= 0)
		read_disk(w, w->names[worker], folder);
	else if (errno == ENOENT)
		folder->left_out = true;
	else
		folder->failed = errno;
}

/* The subfolders from the item on. */
static void open_batch(struct folder_batch *batch, const struct item *item)
{
	const struct folder_walk *w = batch->walk;
	const struct items *items = &batch->parent->items;
	size_t max = batch->parent->depth < BATCH_DEPTH ? BATCH_MAX : 1;

	if (!batch->folders)
		batch->folders = kb_xcalloc(max, sizeof(*batch->folders));
	batch->len = batch->next = 0;
	for (; item < items->items + items->len && batch->len < max; item++)
		if (item->kind == KB_FOLDER)
			batch->folders[batch->len++] =
				subfolder(batch->walk, batch->parent, item);
	kb_parallel(batch->len < BATCH_SMALL ? 1 : w->nworkers, batch->len, open_folder,
		batch);
}

static void close_folder(struct listed_folder *folder)
{
	if (folder->fd >= 0)
		close(folder->fd);
	kb_vec_dispose(&folder->items);
}

static int walk_folder(struct folder_walk *w, struct listed_folder *folder);

static int visit_folder(struct folder_batch *batch, const struct item *item)
{
	struct folder_walk *w = batch->walk;
	struct listed_folder *sub;
	int rc = 0;

	if (batch->next == batch->len)
		open_batch(batch, item);
	sub = &batch->folders[batch->next++];
	if (!sub->left_out && sub->depth > KB_DEPTH_MAX)
		rc = kb_error_set(w->err, KB_E_REFUSED,
			"the folder '%.*s' is nested more than %d deep",
			KB_ARG(sub->path), KB_DEPTH_MAX);
	else if (!sub->left_out)
		rc = walk_folder(w, sub);
	close_folder(sub);
	return rc;
}

static int visit_items(struct folder_walk *w, struct listed_folder *folder)
{
	struct folder_batch batch = {.walk = w, .parent = folder};
	int rc = 0;

	for (size_t i = 0; i < folder->items.len && rc == 0; i++) {
		const struct item *item = &folder->items.items[i];

		if (item->kind == KB_FOLDER)
			rc = visit_folder(&batch, item);
		else
			visit_file(w, folder, item);
	}
	while (batch.next < batch.len)
		close_folder(&batch.folders[batch.next++]);
	free(batch.folders);
	return rc;
}

static int walk_folder(struct folder_walk *w, struct listed_folder *folder)
{
	bool absent = folder->item && folder->item->absent;

	if (!absent && read_items(w, folder) < 0)
		return -1;
	if (folder->depth > 0 && find_file(&folder->items, ".kb-site"))
		return 0;
	if (add_rules(w, folder, &folder->items) < 0)
		return -1;
	if (w->wanted.len)
		keep_wanted(w, folder, &folder->items);
	return visit_items(w, folder);
}

static const struct kb_ignore *rules_at(struct folder_walk *w, const char *path,
	size_t base, const struct kb_ignore *parent)
{
	_cleanup_buf_ kb_buf text = {0};

	kb_file_read(path, IGNORE_FILE_MAX, &text, NULL);
	return kb_ignore_parse(w->scratch, kb_buf_view(&text), base, parent);
}

/* The user's own file of patterns, which the configuration names or which has its place.
 */
static const struct kb_ignore *user_rules(struct folder_walk *w)
{
	_cleanup_config_ git_config *config = NULL;
	_cleanup_git_buf_ git_buf path = GIT_BUF_INIT;
	const char *base = getenv("XDG_CONFIG_HOME"), *below = "git/ignore";

	if (git_repository_config(&config, w->source->repo) == 0 &&
		git_config_get_path(&path, config, "core.excludesfile") == 0)
		return rules_at(w, path.ptr, 0, NULL);
	if (!base || !base[0]) {
		base = getenv("HOME");
		below = ".config/git/ignore";
	}
	if (!base)
		return NULL;
	return rules_at(w, kb_arena_fmt(w->scratch, "%s/%s", base, below).data, 0, NULL);
}

/* What Git ignores at the content root before its own .gitignore is asked: the user's
 * patterns, the repository's, and those of the folders above. */
static const struct kb_ignore *outer_rules(struct folder_walk *w)
{
	const struct kb_source *s = w->source;
	const char *common, *top;
	const struct kb_ignore *rules;

	if (!s->repo || !kb_source_is_disk(s))
		return NULL;
	common = git_repository_commondir(s->repo);
	top = git_repository_workdir(s->repo);
	rules = rules_at(w, kb_arena_fmt(w->scratch, "%sinfo/exclude", common).data, 0,
		user_rules(w));
	for (size_t at = 0; at < s->prefix.len; at++) {
		if (at > 0 && s->prefix.data[at - 1] != '/')
			continue;
		rules = rules_at(w,
			kb_arena_fmt(w->scratch, "%s%.*s.gitignore", top, (int)at,
				s->prefix.data)
				.data,
			at, rules);
	}
	return rules;
}

/* Where the content root begins in the index. */
static size_t first_entry(const struct kb_source *s, git_index *index)
{
	_cleanup_buf_ kb_buf folder = {0};
	size_t at = 0;

	if (s->prefix.len == 0)
		return 0;
	kb_buf_fmt(&folder, "%.*s/", KB_ARG(s->prefix));
	return git_index_find_prefix(&at, index, folder.data) == 0
		       ? at
		       : git_index_entrycount(index);
}

static int root_folder(struct folder_walk *w, struct listed_folder *root)
{
	struct kb_source *s = w->source;

	*root = (struct listed_folder){.fd = -1, .id = &s->tree, .from = NOWHERE};
	if (s->index)
		root->from = first_entry(s, s->index);
	if (!kb_source_is_disk(s))
		return 0;
	if (kb_source_sparse(s, w->err) < 0)
		return -1;
	if (s->sparse)
		root->from = first_entry(s, s->sparse);
	root->fd = open(s->root.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root->fd < 0)
		return kb_error_errno(
			w->err, "cannot read the folder %.*s", KB_ARG(s->root));
	read_disk(w, w->names[0], root);
	root->git_rules = outer_rules(w);
	return 0;
}

static int walk_root(struct folder_walk *w)
{
	struct listed_folder root;
	int rc;

	if (root_folder(w, &root) < 0)
		return -1;
	rc = walk_folder(w, &root);
	close_folder(&root);
	git_index_free(w->index);
	if (rc == 0 && w->lacking)
		return kb_error_set(w->err, KB_E_GIT,
			"this clone is partial and sparse: the content of %zu files is "
			"missing, such as '%.*s'; fetch all with: git fetch --refetch "
			"--no-filter",
			w->lacking, KB_ARG(w->lacks));
	return rc;
}

static int walk_source(struct folder_walk *w)
{
	struct timespec now;
	int rc;

	clock_gettime(CLOCK_REALTIME, &now);
	w->begun = nanoseconds(now);
	w->nworkers = kb_parallel_workers(w->source->threads, BATCH_MAX);
	w->names = kb_xcalloc(w->nworkers, sizeof(*w->names));
	for (unsigned i = 0; i < w->nworkers; i++)
		w->names[i] = kb_arena_new();
	rc = walk_root(w);
	for (unsigned i = 0; i < w->nworkers; i++)
		kb_arena_free(w->names[i]);
	free(w->names);
	return rc;
}

int kb_source_index(struct kb_source *source, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct folder_walk w = {
		.source = source, .scratch = scratch, .arena = source->arena, .err = err};
	int rc = 0;

	pthread_mutex_lock(&source->lock);
	if (!source->listed) {
		rc = walk_source(&w);
		source->nobjects = w.found.len;
		source->objects = kb_vec_freeze(&w.found, source->arena);
		for (size_t i = 0;
			rc == 0 && !kb_source_is_disk(source) && i < source->nobjects;
			i++)
			kb_map_put(&source->by_path, source->objects[i].entry.path,
				&source->objects[i]);
		source->listed = rc == 0;
	}
	pthread_mutex_unlock(&source->lock);
	return rc;
}

/* Where PATH is among the entries, or would be. */
static size_t entry_search(
	const struct kb_entry *entries, size_t n, kb_str path, bool *found)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (kb_str_cmp(entries[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*found = low < n && kb_str_eq(entries[low].path, path);
	return low;
}

/* The entry is a file of that size from now on, and was one or not. */
static void put_entry(struct kb_entry *entries, size_t *n, kb_str path, uint64_t size)
{
	bool found;
	size_t at = entry_search(entries, *n, path, &found);

	if (!found)
		memmove(&entries[at + 1], &entries[at], ((*n)++ - at) * sizeof(*entries));
	entries[at] = (struct kb_entry){.path = path, .size = size};
}

/* Puts the files in their places that the named configuration brings, and those that
 * were given in place of the source's own. */
static void add_overlays(
	struct kb_source *s, struct kb_arena *arena, struct kb_entry *entries, size_t *n)
{
	struct stat st;

	for (int o = 0; o < KB_NOVERLAYS; o++)
		if (s->overlay[o].len)
			put_entry(entries, n, kb_str_of(kb_overlay_names[o]),
				stat(s->overlay[o].data, &st) == 0 ? (uint64_t)st.st_size
								   : 0);
	for (size_t i = 0; i < s->replaced.len; i++) {
		kb_str path = s->replaced.entries[i].key;
		const kb_str *data = s->replaced.entries[i].value;
		bool found;

		entry_search(entries, *n, path, &found);
		if (found || !kb_source_ignores(s, path))
			put_entry(entries, n, kb_arena_str(arena, path), data->len);
	}
}

static struct kb_entry *copy_entries(const struct kb_source *s, struct kb_arena *arena)
{
	struct kb_entry *entries = kb_arena_array(
		arena, struct kb_entry, s->nobjects + KB_NOVERLAYS + s->replaced.len);

	for (size_t i = 0; i < s->nobjects; i++) {
		entries[i] = s->objects[i].entry;
		entries[i].path = kb_arena_str(arena, entries[i].path);
	}
	return entries;
}

int kb_source_list(struct kb_source *source, struct kb_arena *arena,
	struct kb_entry **entries, size_t *n, struct kb_error *err)
{
	if (kb_source_index(source, err) < 0)
		return -1;
	*n = source->nobjects;
	*entries = copy_entries(source, arena);
	add_overlays(source, arena, *entries, n);
	return 0;
}

bool kb_source_ignores(struct kb_source *source, kb_str path)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct folder_walk w = {
		.source = source, .scratch = scratch, .arena = scratch, .wanted = path};
	bool found;

	pthread_mutex_lock(&source->lock);
	walk_source(&w);
	pthread_mutex_unlock(&source->lock);
	found = w.found.len && kb_str_eq(w.found.items[0].entry.path, path);
	kb_vec_dispose(&w.found);
	return !found;
}

bool kb_source_blob(const struct kb_source *source, kb_str path, char hex[41])
{
	const struct kb_object *object = kb_map_get(&source->by_path, path);

	if (!object || object->entry.kind != KB_ENTRY_FILE ||
		kb_map_has(&source->replaced, path) ||
		kb_source_overlay(source, path).len)
		return false;
	git_oid_tostr(hex, 41, &object->oid);
	return true;
}
