#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "musicxml_reader.h"

static bool is_root_known(dt__xml_reader* in, dt__xml_element element) {
  if (in->has_root)
    return true;
  in->has_root = true;
  if (element == DT__XML_SCORE_PARTWISE)
    return true;
  if (element == DT__XML_SCORE_TIMEWISE)
    dt__xml_fail(in, DT_UNSUPPORTED,
                 "This score is written measure by measure (score-timewise): export it part by "
                 "part (score-partwise)");
  else
    dt__xml_fail(in, DT_BAD_DATA, "This is no MusicXML score (one begins with score-partwise)");
  return false;
}

static void XMLCALL on_begin(void* ctx, const char* name, const char** attributes) {
  dt__xml_reader* in = ctx;
  if (in->status != DT_OK)
    return;
  if (in->depth >= DT__XML_DEPTH_MAX) {
    dt__xml_fail(in, DT_BAD_DATA,
                 "Elements inside elements inside elements: no score is that deep");
    return;
  }
  for (const char** at = attributes; *at != NULL; at++)
    if (strlen(*at) > DT__XML_ATTRIBUTE_MAX) {
      dt__xml_fail(in, DT_TOO_LARGE, "An attribute of more than 4096 bytes: this is no score");
      return;
    }
  const dt__xml_element element = dt__xml_element_of(name);
  in->path[in->depth++] = element;
  in->text_size = 0;
  in->text[0] = '\0';
  if (is_root_known(in, element) && element < DT__XML_ELEMENT_COUNT)
    dt__xml_begin_element(in, element, attributes);
}

static void XMLCALL on_end(void* ctx, const char* name) {
  (void)name;
  dt__xml_reader* in = ctx;
  if (in->status != DT_OK || in->depth == 0)
    return;
  const dt__xml_element element = in->path[in->depth - 1];
  while (in->text_size > 0 && in->text[in->text_size - 1] == ' ')
    in->text[--in->text_size] = '\0';
  if (element < DT__XML_ELEMENT_COUNT)
    dt__xml_end_element(in, element);
  in->depth--;
  in->text_size = 0;
  in->text[0] = '\0';
}

/* Text is kept without the white space around it. */
static void XMLCALL on_text(void* ctx, const char* text, int size) {
  dt__xml_reader* in = ctx;
  for (int i = 0; i < size && in->text_size < sizeof in->text - 1; i++) {
    const bool is_space = strchr(" \t\r\n", text[i]) != NULL;
    if (!is_space || in->text_size > 0)
      in->text[in->text_size++] = is_space ? ' ' : text[i];
  }
  in->text[in->text_size] = '\0';
}

static void XMLCALL on_entity(void* ctx, const char* name, int is_parameter, const char* value,
                              int size, const char* base, const char* system, const char* public,
                              const char* notation) {
  (void)name, (void)is_parameter, (void)value, (void)size, (void)base, (void)system;
  (void)public, (void)notation;
  dt__xml_fail(ctx, DT_UNSUPPORTED,
               "The document defines entities, which no score needs: "
               "export it again");
}

/* What expat finds wrong, in a sentence. */
static dt_status fail_xml(dt__xml_reader* in) {
  const enum XML_Error error = XML_GetErrorCode(in->parser);
  if (error == XML_ERROR_NO_MEMORY)
    dt__xml_fail(in, DT_NO_MEMORY, dt_status_sentence(DT_NO_MEMORY));
  else
    in->status =
        dt_fail(in->score->err, DT_BAD_DATA,
                "Line %lu, column %lu: The XML is damaged (%s): export the score again",
                (unsigned long)XML_GetCurrentLineNumber(in->parser),
                (unsigned long)XML_GetCurrentColumnNumber(in->parser) + 1, XML_ErrorString(error));
  return in->status;
}

/* In pieces: expat counts in int. */
#define PIECE (1 << 20)

static dt_status feed(dt__xml_reader* in, const char* bytes, size_t size) {
  size_t at = 0;
  do {
    const size_t piece = size - at < PIECE ? size - at : PIECE;
    const enum XML_Status status =
        XML_Parse(in->parser, bytes + at, (int)piece, at + piece == size);
    if (in->status != DT_OK)
      return in->status;
    if (status != XML_STATUS_OK)
      return fail_xml(in);
    at += piece;
  } while (at < size);
  return DT_OK;
}

static dt_status read_document(dt__xml_reader* in, const char* bytes, size_t size) {
  dt_error* err = in->score->err;
  /* Expat's memory comes from malloc: its hooks carry no context that could name an allocator. It
   * is bounded by the longest single piece of markup. */
  in->parser = XML_ParserCreate(NULL);
  if (in->parser == NULL)
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  XML_SetUserData(in->parser, in);
  XML_SetElementHandler(in->parser, on_begin, on_end);
  XML_SetCharacterDataHandler(in->parser, on_text);
  XML_SetEntityDeclHandler(in->parser, on_entity);
  dt_status status = feed(in, bytes, size);
  XML_ParserFree(in->parser);
  if (status == DT_OK && !in->score->has_percussion)
    status = dt_fail(err, DT_BAD_DATA,
                     "There is no percussion part in this score (no percussion clef and no "
                     "unpitched notes), so there is no drum chart");
  if (status == DT_OK && in->score->measure_count == 0)
    status = dt_fail(err, DT_BAD_DATA, "There are no measures in this score");
  return status;
}

dt_status dt__xml_read(dt__xml_score* score, const void* bytes, size_t size) {
  static const char zip[] = {'P', 'K', 3, 4};
  if (size >= sizeof zip && memcmp(bytes, zip, sizeof zip) == 0)
    return dt_fail(score->err, DT_UNSUPPORTED,
                   "Line 1, column 1: this is compressed MusicXML (.mxl), which is not read: "
                   "export the score as uncompressed MusicXML (.musicxml)");
  if (size > DT__XML_SIZE_MAX)
    return dt_fail(score->err, DT_TOO_LARGE, "The score has %zu MiB, the limit is %zu", size >> 20,
                   DT__XML_SIZE_MAX >> 20);
  dt__xml_reader in = {.score = score, .listed_part = -1, .part = -1, .measure = -1};
  in.divisions = 1;
  const dt_status status = read_document(&in, bytes, size);
  dt_release(score->allocator, in.instruments, in.instrument_room * sizeof *in.instruments);
  dt_release(score->allocator, in.parts, in.part_room * sizeof *in.parts);
  return status;
}

void dt__xml_score_clear(dt__xml_score* score) {
  dt_release(score->allocator, score->measures, score->measure_room * sizeof *score->measures);
  dt_release(score->allocator, score->strokes, score->stroke_room * sizeof *score->strokes);
  dt_release(score->allocator, score->marks, score->mark_room * sizeof *score->marks);
}
