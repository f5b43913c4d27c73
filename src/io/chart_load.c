#include "dt/chart_file.h"

#include <string.h>
#include <unistd.h>

#include "dt/chart_midi.h"
#include "dt/chart_musicxml.h"
#include "dt/chart_text.h"
#include "dt/file.h"

#define FILE_MAX ((size_t)64 << 20)

typedef struct bytes_view {
  const unsigned char* bytes;
  size_t size;
} bytes_view;

static bool begins_with(const bytes_view* bytes, const char* head, size_t size) {
  return bytes->size >= size && memcmp(bytes->bytes, head, size) == 0;
}

/* XML in the encodings that begin with a mark of their own, and compressed MusicXML, which its
 * reader knows how to refuse. */
static bool is_musicxml(const bytes_view* bytes) {
  if (begins_with(bytes, "\xFE\xFF", 2) || begins_with(bytes, "\xFF\xFE", 2) ||
      begins_with(bytes, "PK\x03\x04", 4))
    return true;
  size_t at = begins_with(bytes, "\xEF\xBB\xBF", 3) ? 3 : 0;
  while (at < bytes->size && strchr(" \t\r\n", bytes->bytes[at]) != NULL &&
         bytes->bytes[at] != '\0')
    at++;
  return at < bytes->size && bytes->bytes[at] == '<';
}

static dt_status read_midi(dt_chart* chart, const dt_allocator* allocator, const bytes_view* bytes,
                           dt_error* err) {
  dt_smf smf;
  dt_status status = dt_smf_parse(&smf, allocator, bytes->bytes, bytes->size, err);
  if (status != DT_OK)
    return status;
  status = dt_chart_from_smf(chart, allocator, &smf, err);
  dt_smf_clear(&smf, allocator);
  return status;
}

/* Text holds no zero byte: a sound file or another binary gets a sentence of its own. */
static dt_status read_text(dt_chart* chart, const dt_allocator* allocator, const bytes_view* bytes,
                           dt_error* err) {
  if (bytes->size > 0 && memchr(bytes->bytes, '\0', bytes->size) != NULL)
    return dt_fail(err, DT_BAD_DATA, "This is no chart: neither text, nor MIDI, nor MusicXML");
  return dt_chart_parse(chart, allocator, (const char*)bytes->bytes, bytes->size, err);
}

dt_status dt_chart_read(dt_chart* chart, const dt_allocator* allocator, const void* bytes,
                        size_t size, dt_error* err) {
  const bytes_view view = {size > 0 ? bytes : (const void*)"", size};
  dt_status status = DT_OK;
  *chart = (dt_chart){.name = ""};
  if (begins_with(&view, "MThd", 4))
    status = read_midi(chart, allocator, &view, err);
  else if (is_musicxml(&view))
    status = dt_chart_from_musicxml(chart, allocator, view.bytes, view.size, err);
  else
    status = read_text(chart, allocator, &view, err);
  if (status != DT_OK)
    dt_chart_clear(chart, allocator);
  return status;
}

static dt_status load_file(dt_chart* chart, const dt_allocator* allocator, const char* path,
                           dt_error* err) {
  dt_buffer bytes = {.allocator = allocator};
  dt_status status = dt_file_read(&bytes, path, FILE_MAX, err);
  if (status == DT_OK)
    status = dt_chart_read(chart, allocator, bytes.bytes, bytes.size, err);
  dt_buffer_clear(&bytes);
  return status;
}

/* What is neither in the library nor looks like a path was meant as a name. */
static bool is_name(const char* text) {
  return strcmp(text, "-") != 0 && strpbrk(text, "/.") == NULL && access(text, F_OK) != 0;
}

dt_status dt_chart_load(dt_chart* chart, const dt_allocator* allocator, const char* path_or_name,
                        dt_error* err) {
  *chart = (dt_chart){.name = ""};
  const dt_chart_entry* entry = dt_chart_library_named(path_or_name);
  if (entry != NULL) {
    const dt_status status = dt_chart_library_load(chart, allocator, entry);
    return status == DT_OK ? DT_OK : dt_fail(err, status, "%s", dt_status_sentence(status));
  }
  if (is_name(path_or_name))
    return dt_fail(err, DT_NOT_FOUND,
                   "There is no such chart and no such file; doubletime charts lists the charts");
  return load_file(chart, allocator, path_or_name, err);
}
