#include "assets.h"

#include "image.h"
#include "kb/file.h"
#include "kb/name.h"
#include "kb/unicode.h"

struct assets {
	struct kb_arena *arena;
	kb_map by_path; /* to struct asset * */
	pthread_mutex_t lock;
	uint32_t count;
};

struct assets *assets_new(void)
{
	struct assets *assets = kb_xcalloc(1, sizeof(*assets));

	assets->arena = kb_arena_new();
	pthread_mutex_init(&assets->lock, NULL);
	return assets;
}

void assets_free(struct assets *assets)
{
	if (!assets)
		return;
	kb_map_dispose(&assets->by_path);
	kb_arena_free(assets->arena);
	pthread_mutex_destroy(&assets->lock);
	free(assets);
}

uint32_t assets_count(const struct assets *assets)
{
	return assets->count;
}

static kb_str address_of(struct kb_arena *arena, kb_str path, kb_str ext, kb_str content)
{
	kb_str base = kb_path_base(path);
	kb_str slug = kb_slug_path(arena, kb_str_sub(base, 0, base.len - ext.len));
	char hex[41];

	/* A file name holds at most 255 bytes. */
	if (slug.len > 180)
		slug = kb_slug_path(arena, kb_truncate(arena, slug, 40));
	/* "con.png" is a device on Windows. */
	if (slug.len && kb_path_fault(slug, &base))
		slug = kb_arena_fmt(arena, "file-%.*s", KB_ARG(slug));
	kb_blob_id(content, hex);
	return kb_arena_fmt(arena, "assets/%.*s%s%.10s%.*s", KB_ARG(slug),
		slug.len ? "." : "", hex, KB_ARG(kb_lower(arena, ext)));
}

static bool plain_extension(kb_str ext)
{
	for (size_t i = 1; i < ext.len; i++) {
		char c = (char)(ext.data[i] | 0x20);

		if (!(c >= 'a' && c <= 'z') &&
			!(ext.data[i] >= '0' && ext.data[i] <= '9'))
			return false;
	}
	return ext.len > 1 && ext.len <= 12;
}

/* Reads a file that is published. Validation reports files of a wrong kind; one that
 * cannot be read is a failure. */
static int read_content(struct job *job, const struct kb_entry *entry, kb_buf *content)
{
	struct kb_error err;

	if (kb_linked_file_read(
		    job->site->lib, job->worker->reader, entry->path, content, &err) == 0)
		return 0;
	if (err.code == KB_E_IO && !job->site->faulty.len) {
		*job->err = err;
		job->failed = true;
	}
	return -1;
}

/* With the lock held: what it will be called. */
static struct asset *make_asset(
	struct job *job, const struct kb_entry *entry, kb_buf *content)
{
	struct assets *assets = job->site->assets;
	struct asset *asset = kb_arena_new_of(assets->arena, struct asset), *same;
	kb_str ext = kb_path_ext(entry->path);

	if (!plain_extension(ext))
		ext = KB_STR("");
	kb_map_put(&assets->by_path, entry->path, asset);
	if (kb_file_refusal(entry->path) || read_content(job, entry, content) < 0)
		return asset;
	asset->address =
		address_of(assets->arena, entry->path, ext, kb_buf_view(content));
	/* Two files of one name and content are one. */
	same = kb_map_get(&assets->by_path, asset->address);
	if (!same)
		kb_map_put(&assets->by_path, asset->address, asset);
	else
		kb_map_put(&assets->by_path, entry->path, same);
	asset = same ? same : asset;
	image_size(kb_buf_view(content), &asset->width, &asset->height);
	return asset;
}

/* With the lock held. */
static void publish(struct job *job, const struct kb_entry *entry, struct asset *asset,
	kb_buf *content)
{
	asset->written = true;
	if (!content->len && read_content(job, entry, content) < 0) {
		asset->address = KB_STR("");
		return;
	}
	job->site->assets->count++;
	if (output_write(job->site->out, asset->address, kb_buf_view(content),
		    OUTPUT_HASHED, KB_STR(""), job->err) < 0) {
		asset->address = KB_STR("");
		job->failed = true;
	}
}

const struct asset *asset_of(struct job *job, const struct kb_entry *entry)
{
	struct assets *assets = job->site->assets;
	_cleanup_buf_ kb_buf content = {0};
	struct asset *asset;

	pthread_mutex_lock(&assets->lock);
	asset = kb_map_get(&assets->by_path, entry->path);
	if (!asset)
		asset = make_asset(job, entry, &content);
	if (asset->address.len && job->signing)
		kb_vec_push(&job->shown, asset);
	else if (asset->address.len && !asset->written)
		publish(job, entry, asset, &content);
	pthread_mutex_unlock(&assets->lock);
	return asset->address.len ? asset : NULL;
}

/* With the lock held: its file of the last run stays. */
static void leave(struct job *job, struct asset *asset)
{
	if (asset->written || !output_same(job->site->out, asset->address, 0))
		return;
	asset->written = true;
	job->site->assets->count++;
}

void assets_keep(struct job *job)
{
	struct assets *assets = job->site->assets;

	pthread_mutex_lock(&assets->lock);
	for (size_t i = 0; i < job->shown.len; i++)
		leave(job, job->shown.items[i]);
	pthread_mutex_unlock(&assets->lock);
}

void assets_shown(struct job *job, kb_strs *addresses)
{
	for (size_t i = 0; i < job->shown.len; i++)
		kb_vec_push(addresses, job->shown.items[i]->address);
}

void assets_known(struct job *job, const kb_strs *addresses)
{
	struct assets *assets = job->site->assets;

	pthread_mutex_lock(&assets->lock);
	for (size_t i = 0; i < addresses->len; i++) {
		struct asset *asset = kb_map_get(&assets->by_path, addresses->items[i]);

		if (!asset) {
			asset = kb_arena_new_of(assets->arena, struct asset);
			asset->address = kb_arena_str(assets->arena, addresses->items[i]);
			kb_map_put(&assets->by_path, asset->address, asset);
		}
		leave(job, asset);
	}
	pthread_mutex_unlock(&assets->lock);
}
