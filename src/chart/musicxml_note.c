#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "musicxml_reader.h"

/* How far, in ticks, a file's rounded duration may be from what its note type says. */
#define TYPE_TICKS 3

static bool is_tom(dt_drum drum) {
  return drum == DT_TOM_HIGH || drum == DT_TOM_MID || drum == DT_TOM_LOW;
}

/* The name says more than the number (an electric snare is a snare), but not which of three toms.
 */
static dt_drum drum_of_instrument(const dt__xml_reader* in, const dt__xml_instrument* instrument) {
  const bool is_zero_based = in->part >= 0 && in->parts[in->part].is_zero_based;
  const dt_drum by_number =
      instrument->unpitched > 0
          ? dt__xml_drum_of_gm(instrument->unpitched - (is_zero_based ? 0 : 1))
          : DT_DRUM_COUNT;
  const dt_drum by_name = instrument->by_name;
  if (by_name < DT_DRUM_COUNT && !(is_tom(by_name) && is_tom(by_number)))
    return by_name;
  if (by_number < DT_DRUM_COUNT)
    return by_number;
  return instrument->by_sound;
}

/* Open and closed are said by signs as well. */
static dt_drum with_openness(dt_drum drum, const dt__xml_note* note) {
  const bool is_hihat = drum == DT_HIHAT || drum == DT_HIHAT_CLOSED || drum == DT_HIHAT_OPEN;
  if (!is_hihat)
    return drum;
  if (note->is_open || strcmp(note->head, "circle-x") == 0)
    return DT_HIHAT_OPEN;
  return note->is_stopped ? DT_HIHAT_CLOSED : drum;
}

static dt_drum drum_of(const dt__xml_reader* in) {
  const dt__xml_note* note = &in->note;
  dt_drum drum = note->instrument >= 0 ? drum_of_instrument(in, &in->instruments[note->instrument])
                                       : DT_DRUM_COUNT;
  if (drum >= DT_DRUM_COUNT && in->part >= 0)
    drum = in->parts[in->part].by_name;
  /* On one line stands one drum; where nothing names it, a snare drum. */
  if (drum >= DT_DRUM_COUNT && in->staff_lines == 1)
    drum = DT_SNARE;
  if (drum >= DT_DRUM_COUNT)
    drum = dt__xml_drum_of_place(note->step, note->octave, note->head);
  return with_openness(drum, note);
}

/* What the note's type, dots and tuplet say, 0 where they say nothing. */
static dt__fine typed_length(const dt__xml_note* note) {
  if (note->type_quarters <= 0 || note->actual < 1 || note->normal < 1 || note->actual > 99 ||
      note->normal > 99)
    return 0;
  double quarters = note->type_quarters * note->normal / note->actual;
  for (int i = 0, half = 2; i < note->dots; i++, half *= 2)
    quarters += note->type_quarters * note->normal / note->actual / half;
  return (dt__fine)llround(quarters * DT_TICKS_PER_QUARTER * (double)DT__FINE);
}

/* Programs round the durations of tuplets (85 + 85 + 86); their types are exact. */
static dt__fine length_of(const dt__xml_reader* in) {
  const dt__xml_note* note = &in->note;
  if (note->duration < 0)
    return 0;
  const dt__fine said = dt__xml_fine(in, note->duration);
  const dt__fine typed = typed_length(note);
  const dt__fine off = typed > said ? typed - said : said - typed;
  return typed > 0 && off <= TYPE_TICKS * DT__FINE ? typed : said;
}

/* Slashes halve the note as flags do. */
static dt__fine roll_step(const dt__xml_note* note) {
  if (note->is_buzz || note->slashes < 1 || note->slashes > 8)
    return 0;
  dt__fine step = DT_TICKS_PER_QUARTER * DT__FINE >> (note->flags + note->slashes);
  if (note->actual >= 1 && note->actual <= 99 && note->normal >= 1 && note->normal <= 99)
    step = step * note->normal / note->actual;
  return step;
}

void dt__xml_end_chord(dt__xml_reader* in) {
  if (!in->has_chord)
    return;
  /* Graces on a drum that the chord does not strike belong to its first note. */
  dt__xml_stroke* first =
      in->chord_stroke < in->score->stroke_count ? &in->score->strokes[in->chord_stroke] : NULL;
  bool is_left = false;
  for (size_t i = 0; i < DT_DRUM_COUNT; i++)
    is_left |= in->grace[i] > 0;
  if (first != NULL && is_left && first->ornament == DT_PLAIN)
    first->ornament = in->grace_slots > 1 ? DT_DRAG : DT_FLAM;
  memset(in->grace, 0, sizeof in->grace);
  in->grace_slots = 0;
  in->has_chord = false;
}

static void end_grace(dt__xml_reader* in) {
  const dt_drum drum = drum_of(in);
  if (in->has_chord)
    dt__xml_end_chord(in);
  if (in->grace[drum] < DT__XML_GRACE_MAX)
    in->grace[drum]++;
  if (!in->note.is_chord)
    in->grace_slots++;
}

/* The tie that leads to a note: voices come one after another, so it need not be the last one. */
static dt__xml_tie* find_tie(dt__xml_reader* in, dt_drum drum) {
  for (size_t i = 0; i < in->tie_count; i++) {
    dt__xml_tie* tie = &in->ties[i];
    const dt__fine off = tie->at > in->chord_at ? tie->at - in->chord_at : in->chord_at - tie->at;
    const bool is_here = tie->measure == in->measure && off < DT__FINE;
    const bool is_over_line = tie->measure + 1 == in->measure && in->chord_at < DT__FINE;
    if (tie->drum == drum && (is_here || is_over_line))
      return tie;
  }
  return NULL;
}

/* Of too many, the oldest is forgotten. */
static void open_tie(dt__xml_reader* in, size_t stroke, dt_drum drum, dt__fine length) {
  if (in->tie_count == DT__XML_TIES_MAX)
    memmove(in->ties, in->ties + 1, --in->tie_count * sizeof *in->ties);
  in->ties[in->tie_count++] = (dt__xml_tie){
      .stroke = stroke, .drum = drum, .measure = in->measure, .at = in->chord_at + length};
}

/* A tied note is no new stroke; it makes a roll longer where it is rolled as well. */
static bool is_tied_on(dt__xml_reader* in, dt_drum drum, dt__fine length) {
  dt__xml_note* note = &in->note;
  dt__xml_tie* tie = note->has_tie_stop ? find_tie(in, drum) : NULL;
  if (tie == NULL)
    return false;
  dt__xml_stroke* stroke = &in->score->strokes[tie->stroke];
  if (stroke->ornament == DT_ROLL && note->is_tremolo)
    stroke->length += length;
  if (note->has_tie_start) {
    tie->measure = in->measure;
    tie->at = in->chord_at + length;
  } else {
    *tie = in->ties[--in->tie_count];
  }
  return true;
}

static void ornament(dt__xml_reader* in, dt__xml_stroke* stroke, dt__fine length) {
  const dt__xml_note* note = &in->note;
  if (note->is_tremolo && length > 0) {
    stroke->ornament = DT_ROLL;
    stroke->length = length;
    stroke->step = note->play_step > 0 ? note->play_step * DT__FINE : roll_step(note);
  } else if (in->grace[stroke->drum] > 0) {
    stroke->ornament = in->grace[stroke->drum] > 1 ? DT_DRAG : DT_FLAM;
    in->grace[stroke->drum] = 0;
  }
}

static void add_stroke(dt__xml_reader* in, dt__fine length) {
  dt__xml_score* score = in->score;
  const dt__xml_note* note = &in->note;
  const dt_drum drum = drum_of(in);
  if (!note->is_chord || !in->has_chord) {
    in->has_chord = true;
    in->chord_stroke = score->stroke_count;
  }
  if (is_tied_on(in, drum, length))
    return;
  if (score->stroke_count >= 2 * (size_t)DT_CHART_NOTES_MAX) {
    dt__xml_fail(in, DT_TOO_LARGE, "More than 200000 notes: cut the score into pieces");
    return;
  }
  dt__xml_stroke* strokes = dt__list_room(score->allocator, score->strokes, score->stroke_count,
                                          &score->stroke_room, sizeof *strokes);
  if (strokes == NULL) {
    dt__xml_fail(in, DT_NO_MEMORY, dt_status_sentence(DT_NO_MEMORY));
    return;
  }
  score->strokes = strokes;
  dt__xml_stroke* stroke = &strokes[score->stroke_count];
  *stroke = (dt__xml_stroke){.measure = in->measure,
                             .part = in->part,
                             .at = in->chord_at,
                             .drum = drum,
                             .loud = note->has_accent        ? DT_LOUD_ACCENT
                                     : note->has_parentheses ? DT_LOUD_GHOST
                                                             : DT_LOUD_NORMAL,
                             .hand = note->hand};
  ornament(in, stroke, length);
  if (note->has_tie_start)
    open_tie(in, score->stroke_count, drum, length);
  score->stroke_count++;
  score->measures[in->measure].strokes++;
}

/* A drum's note: unpitched, or pitched on a percussion staff or in a part on channel 10. Slash
 * heads that no instrument explains are time to be filled, not notes. */
static bool is_drum_note(const dt__xml_reader* in) {
  const dt__xml_note* note = &in->note;
  if (note->is_rest || note->is_cue || !(note->is_unpitched || note->is_pitched))
    return false;
  if (strcmp(note->head, "slash") == 0 && note->instrument < 0)
    return false;
  return note->is_unpitched || in->is_percussion ||
         (in->part >= 0 && in->parts[in->part].has_channel_10 && note->instrument >= 0);
}

void dt__xml_end_note(dt__xml_reader* in) {
  dt__xml_measure* measure = dt__xml_this_measure(in);
  const dt__xml_note* note = &in->note;
  if (measure == NULL)
    return;
  const bool is_drum = is_drum_note(in);
  in->score->has_percussion |= is_drum;
  if (note->is_grace) {
    if (is_drum)
      end_grace(in);
    return;
  }
  const dt__fine length = length_of(in);
  if (!note->is_chord) {
    dt__xml_end_chord(in);
    in->chord_at = in->at;
    in->at += length;
  }
  if (in->at > measure->length)
    measure->length = in->at;
  if (is_drum)
    add_stroke(in, length);
}
